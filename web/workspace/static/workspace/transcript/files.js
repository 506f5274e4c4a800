// The files of a text: pictures, other files, and those that could not be fetched.

import { html, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Until } from "../../island/parts.js";
import { rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { usePlace } from "./place.js";

/** @import { MediaOut } from "../../wire.js" */

/** @param {{ files: MediaOut[] }} props */
export function Files({ files }) {
  return files.map(
    (file, index) =>
      html`<${File} key=${file.id} file=${file} name=${nameOf(file, files.length > 1 ? index + 1 : 0)} />`,
  );
}

const NAMES = /** @type {const} */ ([
  [/^image\//, t("Picture")],
  [/^text\/plain/, t("Text")],
  [/^video\//, t("Video")],
  [/^audio\//, t("Sound recording")],
  [/^application\/pdf/, t("PDF document")],
  [/^text\/(x-)?vcard/, t("Contact card")],
  [/^text\/calendar/, t("Calendar entry")],
]);

/** What a file is called: people's own names of files do not come with texts. @param {MediaOut} file @param {number} number */
export function nameOf({ content_type: type }, number) {
  const name = NAMES.find(([kind]) => kind.test(type))?.[1] ?? t("File");
  return number ? `${name} ${number}` : name;
}

/** A size in the unit that fits. @param {number} size */
const sized = (size) =>
  size < 1_000_000
    ? `${Math.max(1, Math.round(size / 1000))} KB`
    : `${(size / 1_000_000).toFixed(1)} MB`;

/** @param {{ file: MediaOut, name: string }} props */
function File({ file, name }) {
  if (file.state === "pending")
    return html`<p class="attached quiet">${t("{name} is being fetched from the provider.", { name })}</p>`;
  if (file.state === "failed") return html`<${Unfetched} file=${file} name=${name} />`;
  if (file.thumbnail_url) return html`<${Picture} file=${file} name=${name} />`;
  if (file.content_type === "text/plain") {
    return html`<p class="attached quiet">${t("{name}: its words follow as a text of their own.", { name })}</p>`;
  }
  return html`<p class="attached file"><${Icon} name="download" /><span><a href=${file.url} download="">${name}</a>
    <span class="quiet">${file.content_type}, ${sized(file.size ?? 0)}</span></span></p>`;
}

/** A small picture, which opens the large one. @param {{ file: MediaOut, name: string }} props */
function Picture({ file, name }) {
  const { viewing } = usePlace();
  const [isGone, lose] = useState(false);
  if (isGone) return html`<${Gone} name=${name} />`;
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewing.value = file.id;
  };
  return html`<a class="picture" href=${file.url} target="_blank" rel="noopener" aria-haspopup="dialog" title=${t("Show {name} large", { name })} onClick=${open}>
    <img src=${file.thumbnail_url} alt=${name} width=${file.width} height=${file.height} loading="lazy" decoding="async" onError=${() => lose(true)} /></a>`;
}

/** @param {{ name: string }} props */
export function Gone({ name }) {
  return html`<p class="attached gone"><${Icon} name="picture" />${t("{name} is not kept any more, or cannot be read at the moment.", { name })}</p>`;
}

/** @param {{ file: MediaOut, name: string }} props */
function Unfetched({ file, name }) {
  const { acts } = useWorkspace();
  const [isBusy, setBusy] = useState(false);
  const fetchAgain = async () => {
    setBusy(true);
    await acts.fetchAgain(file.id ?? "");
    setBusy(false);
  };
  const again =
    file.try_at && rich(t("We try again {when}."), { when: html`<${Until} at=${file.try_at} />` });
  return html`<div class="attached unfetched">
    <p class="failure">${t("{name} could not be fetched.", { name })} ${file.failure_sentence}
      ${again}</p>
    ${file.id && file.failure_code !== "lost" && html`<${Button} words=${t("Fetch again")} isBusy=${isBusy} onClick=${fetchAgain} />`}
  </div>`;
}
