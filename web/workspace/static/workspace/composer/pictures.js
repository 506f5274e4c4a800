// Pictures of a reply: uploaded as soon as they are chosen, pasted or dropped. They stay with the
// draft until they are sent or removed.

import { request } from "../../island/api.js";
import { html, useRef, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { n, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/** @import { MediaOut, Opened, Surface } from "../../wire.js" */

const TYPES = ["image/jpeg", "image/png", "image/gif"];
// As services/uploading.py: the limits of providers.
const [LARGEST, MOST] = [5_000_000, 10];

/** @typedef {ReturnType<typeof usePictures>} PicturesState */

/** @param {Opened} opened @param {Surface} surface */
export function usePictures(opened, surface) {
  const { drafts } = useWorkspace();
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(0);
  const id = opened.conversation_id;
  const why = whyNot(opened, surface);
  const upload = async (/** @type {File} */ file) => {
    const unfit = unfitness(file, drafts.of(id, "reply").words.pictures.length);
    if (unfit) return refuse(unfit);
    const outcome = await request(`/v1/conversations/${id}/media`, { method: "POST", file });
    if (outcome.state === "done") {
      const told = /** @type {MediaOut} */ (outcome.value);
      const { pictures } = drafts.of(id, "reply").words;
      drafts.change(id, "reply", { pictures: [...pictures, told.id ?? ""] });
    } else
      refuse(
        (outcome.state === "refused" && outcome.sentence) ||
          t("This picture could not be uploaded. Try again."),
      );
  };
  const take = async (/** @type {File[]} */ files) => {
    refuse(why);
    if (why || !files.length) return;
    setBusy((before) => before + files.length);
    for (const file of files) {
      await upload(file);
      setBusy((before) => before - 1);
    }
  };
  return { refused, busy, isPossible: why === null, take, handlers: handlers(take) };
}

/** Why no picture can be sent now, null if one can. @param {Opened} opened @param {Surface} surface */
function whyNot(opened, surface) {
  if (surface === "note") return t("Pictures are sent to the consumer: choose Reply first.");
  if (!opened.may_send_pictures) return t("This line's provider cannot send pictures.");
  return opened.rights.may_reply ? null : t("You cannot reply now, so no picture can be sent.");
}

/** What is wrong with a file, null for nothing. @param {File} file @param {number} there */
function unfitness(file, there) {
  const { name } = file;
  if (!TYPES.includes(file.type))
    return t("{name} cannot be sent: only JPEG, PNG and GIF pictures can.", { name });
  if (file.size > LARGEST) return t("{name} is too large: a picture may have 5 MB.", { name });
  if (there >= MOST) return t("A text may have {most} pictures.", { most: MOST });
  return null;
}

/** @param {DragEvent} event */
const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

/** @param {(files: File[]) => void} take */
function handlers(take) {
  return {
    onPaste(/** @type {ClipboardEvent} */ event) {
      const files = [...(event.clipboardData?.files ?? [])];
      // Office programs give their words as a picture, too: the words are meant.
      if (!files.length || event.clipboardData?.types.includes("text/plain")) return;
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
    <button type="button" class="tool" aria-busy=${pictures.busy ? "true" : undefined} title=${t("Picture")}
      onClick=${() => chooser.current?.click()}>
      <${Icon} name="picture" /><span class="hidden">${t("Picture")}</span></button>`;
}

/** The pictures that will be sent. @param {{ opened: Opened, busy: number, field: { current: HTMLElement | null } }} props */
export function Chosen({ opened, busy, field }) {
  const { drafts } = useWorkspace();
  const { pictures } = drafts.of(opened.conversation_id, "reply").words;
  const remove = (/** @type {string} */ gone) => {
    const left = pictures.filter((id) => id !== gone);
    drafts.change(opened.conversation_id, "reply", { pictures: left });
    field.current?.focus();
  };
  if (!pictures.length && !busy) return null;
  return html`<ul class="chosen-pictures" aria-label=${t("Pictures to send")}>
    ${pictures.map(
      (id) => html`<li key=${id} data-picture=${id}>
      <img alt=${t("A picture to send")} src="/v1/media/${id}/thumbnail" width="64" height="64" />
      <button type="button" aria-label=${t("Remove this picture")} onClick=${() => remove(id)}><${Icon} name="cross" /></button></li>`,
    )}
    ${busy > 0 && html`<li class="uploading" role="status">${n("{n} picture is being uploaded", "{n} pictures are being uploaded", busy)}</li>`}
  </ul>`;
}
