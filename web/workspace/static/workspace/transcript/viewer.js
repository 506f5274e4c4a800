// A picture in its full size, with those before and after it in the transcript.

import { html, useEffect, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Dialog, Time } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { Gone, nameOf } from "./files.js";
import { usePlace } from "./place.js";

/** @import { Entry, MediaOut } from "../../wire.js" */

/** @typedef {{ file: MediaOut, at: string }} Shown */

/** All pictures of a transcript, in its order. @param {Entry[]} entries @returns {Shown[]} */
const picturesOf = (entries) =>
  entries.flatMap(({ message, at }) =>
    (message?.media ?? []).filter((file) => file.thumbnail_url).map((file) => ({ file, at })),
  );

/** @param {{ entries: Entry[] }} props */
export function Viewer({ entries }) {
  const { viewing } = usePlace();
  if (!viewing.value) return null;
  const pictures = picturesOf(entries);
  const index = pictures.findIndex(({ file }) => file.id === viewing.value);
  const shown = pictures[index];
  if (!shown) return null;
  const to = (/** @type {number} */ place) => {
    viewing.value = pictures[place]?.file.id ?? viewing.value;
  };
  const close = () => {
    viewing.value = null;
  };
  return html`<${Large} shown=${shown} index=${index} count=${pictures.length} to=${to} onClose=${close} />`;
}

/** @param {{ shown: Shown, index: number, count: number, to: (place: number) => void, onClose: () => void }} props */
function Large({ shown: { file, at }, index, count, to, onClose }) {
  const name = nameOf(file, 0);
  const title = count > 1 ? t("Picture {index} of {count}", { index: index + 1, count }) : name;
  useArrows(index, to);
  return html`<${Dialog} title=${title} kind="viewer" onClose=${onClose}>
    <p class="quiet"><${Time} at=${at} />${file.width && ` · ${file.width} × ${file.height}`}</p>
    <div class="large"><${FullSize} key=${file.id} file=${file} name=${name} /></div>
    <div class="row">
      ${count > 1 && html`<${Button} icon="back" words=${t("Picture before")} isDisabled=${index === 0} onClick=${() => to(index - 1)} />`}
      ${count > 1 && html`<${Button} icon="open" words=${t("Next picture")} isDisabled=${index === count - 1} onClick=${() => to(index + 1)} />`}
      <a class="button" href=${file.url} download=""><${Icon} name="download" />${t("Download")}</a>
      <${Button} kind="primary" words=${t("Close")} onClick=${onClose} />
    </div>
  <//>`;
}

/** @param {{ file: MediaOut, name: string }} props */
function FullSize({ file, name }) {
  const [isGone, lose] = useState(false);
  if (isGone) return html`<${Gone} name=${name} />`;
  return html`<img src=${file.url} alt=${name} width=${file.width} height=${file.height} onError=${() => lose(true)} />`;
}

/** Arrow keys lead from picture to picture. @param {number} index @param {(place: number) => void} to */
function useArrows(index, to) {
  useEffect(() => {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "ArrowLeft") to(index - 1);
      if (event.key === "ArrowRight") to(index + 1);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}
