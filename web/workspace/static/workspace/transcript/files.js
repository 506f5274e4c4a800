// The files of a text: pictures, other files, and those that could not be fetched.

import { html, useState } from "../../island/html.js";
import { Button, Until } from "../../island/parts.js";
import { rich, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { MediaOut } from "../../wire.js" */

/** @param {{ files: MediaOut[] }} props */
export function Files({ files }) {
  return files.map(
    (file, index) =>
      html`<${File} key=${file.id} file=${file} name=${nameOf(file, files.length > 1 ? index + 1 : 0)} />`,
  );
}

/** @param {MediaOut} file @param {number} number */
function nameOf({ content_type: type }, number) {
  const name =
    type === "text/plain" ? t("Text") : type.startsWith("image/") ? t("Picture") : t("File");
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
  if (file.thumbnail_url) {
    return html`<a class="picture" href=${file.url} target="_blank" rel="noopener"><img src=${file.thumbnail_url} alt=${name}
      width=${file.width} height=${file.height} loading="lazy" decoding="async" /></a>`;
  }
  if (file.content_type === "text/plain") {
    return html`<p class="attached quiet">${t("{name}: its words follow as a text of their own.", { name })}</p>`;
  }
  return html`<p class="attached"><a href=${file.url} download>${name}</a>
    <span class="quiet">${file.content_type}, ${sized(file.size ?? 0)}</span></p>`;
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
