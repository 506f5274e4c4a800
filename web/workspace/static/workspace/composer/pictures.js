// Pictures of a reply: uploaded as soon as they are chosen, pasted or dropped. They stay with the
// draft until they are sent or removed.

import { request } from "../../island/api.js";
import { html, useRef, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { MediaOut, Opened } from "../../wire.js" */

const TYPES = ["image/jpeg", "image/png", "image/gif"];

/** @typedef {ReturnType<typeof usePictures>} PicturesState */

/** @param {Opened} opened */
export function usePictures(opened) {
  const { drafts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const id = opened.conversation_id;
  const upload = async (/** @type {File} */ file) => {
    if (!TYPES.includes(file.type))
      return refuse(t("Only JPEG, PNG and GIF pictures can be sent."));
    const outcome = await request(`/v1/conversations/${id}/media`, { method: "POST", file });
    if (outcome.state === "done") {
      const told = /** @type {MediaOut} */ (outcome.value);
      drafts.change(id, { pictures: [...drafts.of(id).pictures, told.id ?? ""] });
    } else
      refuse(
        (outcome.state === "refused" && outcome.sentence) ||
          t("This picture could not be uploaded. Try again."),
      );
  };
  const take = async (/** @type {Iterable<File>} */ files) => {
    refuse(null);
    setBusy(true);
    for (const file of files) await upload(file);
    setBusy(false);
  };
  const maySend = opened.may_send_pictures && opened.rights.may_reply;
  return { refused, isBusy, take, handlers: maySend ? handlers(take) : {} };
}

/** @param {DragEvent} event */
const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

/** @param {(files: File[]) => void} take */
function handlers(take) {
  return {
    onPaste(/** @type {ClipboardEvent} */ event) {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      take(files);
    },
    onDragOver(/** @type {DragEvent} */ event) {
      if (hasFiles(event)) event.preventDefault();
    },
    onDrop(/** @type {DragEvent} */ event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    },
  };
}

/** @param {{ pictures: PicturesState }} props */
export function PictureButton({ pictures }) {
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  const chosen = (/** @type {any} */ event) => {
    pictures.take([...event.currentTarget.files]);
    event.currentTarget.value = "";
  };
  return html`<input type="file" ref=${chooser} accept=${TYPES.join(",")} multiple hidden tabindex="-1" aria-hidden="true" onChange=${chosen} />
    <button type="button" aria-busy=${pictures.isBusy ? "true" : undefined} onClick=${() => chooser.current?.click()}>
      <${Icon} name="picture" /><span>${t("Picture")}</span></button>`;
}

/** The pictures that will be sent. @param {{ opened: Opened, field: { current: HTMLElement | null } }} props */
export function Chosen({ opened, field }) {
  const { drafts } = useWorkspace();
  const { pictures } = drafts.of(opened.conversation_id);
  const remove = (/** @type {string} */ gone) => {
    drafts.change(opened.conversation_id, { pictures: pictures.filter((id) => id !== gone) });
    field.current?.focus();
  };
  if (!pictures.length) return null;
  return html`<ul class="chosen-pictures">${pictures.map(
    (id) => html`<li key=${id} data-picture=${id}>
    <img alt=${t("A picture to send")} src="/v1/media/${id}/thumbnail" width="64" height="64" />
    <button type="button" aria-label=${t("Remove this picture")} onClick=${() => remove(id)}><${Icon} name="cross" /></button></li>`,
  )}</ul>`;
}
