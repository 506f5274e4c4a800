// The box: one surface with the draft of a reply or of a note, its tools, and its send button.

import { withoutHidden } from "../../island/hidden.js";
import { html, useLayoutEffect, useRef, useState } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Failure } from "../../island/parts.js";
import { inGsm7 } from "../../island/plain.js";
import { signed } from "../../island/signing.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { Actions } from "./actions.js";
import { Counter, NoteCounter } from "./counter.js";
import { EmojiButton } from "./emoji.js";
import { insert, replaceAll } from "./inserting.js";
import { useWritingKeys } from "./keys.js";
import { LaterFields, useLater } from "./later.js";
import { Other } from "./other.js";
import { Chosen, PictureButton, usePictures } from "./pictures.js";
import { MentionsList, useMentions } from "./mentioning.js";
import { leftIn, meant } from "./placeholders.js";
import { RepliesList } from "./replies_list.js";
import { SendButton } from "./send_button.js";
import { SignatureLine, useSigning } from "./signature.js";
import { send } from "./sending.js";
import { useSlash } from "./slash.js";
import { keyOf } from "./words.js";

/** @import { OfferedReply, Opened, Surface } from "../../wire.js" */

const LABELS = {
  reply: t("Your message to the consumer"),
  note: t("Your message to colleagues, as a private note"),
};
const HINTS = { reply: t("Write to the consumer"), note: t("Only colleagues can read this") };

/** @param {{ opened: Opened, surface: Surface }} props */
export function Box({ opened, surface }) {
  const workspace = useWorkspace();
  const { drafts, names } = workspace;
  const id = opened.conversation_id;
  const { words } = drafts.of(id, surface);
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const later = useLater();
  const pictures = usePictures(opened, surface);
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const slash = useReplies(opened, surface, field, tell);
  const mentions = useMentions({
    conversation: id,
    text: words.text,
    isPossible: surface === "note",
    field,
  });
  const signing = useSigning();
  const sendNow = (closes = false) =>
    send({ workspace, opened, surface, later, pictures, field, signing }, closes);
  useWritingKeys(opened, sendNow, field);
  const isReply = surface === "reply";
  const list = isReply ? slash : mentions;
  const write = useTyping(opened, surface, list, tell);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    sendNow();
  };
  const refused = drafts.refused.value.get(keyOf(id, surface)) ?? null;
  const parts = { opened, surface, field, later, pictures, slash: list, write, sendNow, signing };
  return html`<form class="composer ${surface}" id="composer-form-${id}" autocomplete="off"
    ...${pictures.handlers} onSubmit=${submit}>
    <${RepliesList} slash=${slash} names=${names.all} /><${MentionsList} mentions=${mentions} />
    <${Other} conversation=${id} surface=${surface} />
    <${Field} key=${surface} ...${parts} text=${words.text} />
    ${isReply && html`<${SignatureLine} signing=${signing} text=${words.text} />`}
    ${isReply && later.isOpen && html`<${LaterFields} later=${later} />`}
    ${isReply && html`<${Chosen} opened=${opened} busy=${pictures.busy} field=${field} />`}
    ${isReply && html`<${Actions} conversation=${id} words=${words} isLater=${later.isOpen} />`}
    <p class="told" role="status">${told}</p>
    <${Failure} words=${refused || later.refused || pictures.refused || signing.refused} />
    <${Bar} ...${parts} text=${words.text} />
  </form>`;
}

/** @param {any} props */
function Field({ opened, surface, field, slash, write, text }) {
  const id = opened.conversation_id;
  // Before the next key: what is typed must be words, and no shortcuts.
  useLayoutEffect(() => {
    const active = document.activeElement;
    // Unless something else was chosen meanwhile.
    if (active === document.body || active?.matches(".entry, .tabs a, .kinds input"))
      field.current?.focus();
  }, []);
  return html`<label class="hidden" for="text-${id}">${LABELS[/** @type {Surface} */ (surface)]}</label>
    <textarea id="text-${id}" ref=${field} rows="3" dir="auto" spellcheck="true" value=${text}
      placeholder=${HINTS[/** @type {Surface} */ (surface)]} aria-describedby="counter-${id}"
      aria-autocomplete="list" aria-controls=${slash.isOpen ? `${slash.id}-list` : undefined}
      aria-activedescendant=${slash.active}
      onInput=${write} onKeyDown=${slash.pressed} onKeyUp=${slash.look} onClick=${slash.look}></textarea>`;
}

/** @param {any} props */
function Bar({ opened, surface, field, later, pictures, text, sendNow, signing }) {
  const { drafts } = useWorkspace();
  const id = opened.conversation_id;
  const isReply = surface === "reply";
  const price = drafts.known.value.get(id)?.segment_price ?? null;
  const put = (/** @type {string} */ words) => field.current && insert(field.current, words);
  const openReplies = () => {
    const box = field.current;
    const isFree = !box || /(^|\s)$/.test(box.value.slice(0, box.selectionStart));
    put(isFree ? "/" : " /");
  };
  const makePlain = () => {
    if (field.current) replaceAll(field.current, inGsm7(text) ?? text);
    signing.makePlain();
  };
  return html`<div class="bar">
    <div class="tools">
      ${isReply && html`<${Tool} icon="saved" words=${t("Saved replies")} onClick=${openReplies} />`}
      <${EmojiButton} onChosen=${put} />
      ${isReply && opened.may_send_pictures && html`<${PictureButton} pictures=${pictures} />`}
      ${isReply && html`<${Tool} icon="later" words=${t("Send later")} isOpen=${later.isOpen} onClick=${later.toggle} />`}
    </div>
    ${
      isReply
        ? html`<${Counter} id="counter-${id}" text=${signed(text, signing.signature)} isSmart=${opened.smart_encoding} price=${price} onPlain=${makePlain} />`
        : html`<${NoteCounter} id="counter-${id}" text=${text} />`
    }
    <p class="hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd> ${isReply ? t("to send") : t("to add it")}</p>
    <${SendButton} surface=${surface} isLater=${later.isOpen} mayClose=${opened.rights.may_handle}
      onClose=${() => sendNow(true)} onLater=${later.toggle} />
  </div>`;
}

/** @param {{ icon: import("../../island/icons.js").IconName, words: string, isOpen?: boolean, onClick: () => void }} props */
function Tool({ icon, words, isOpen, onClick }) {
  const expanded = isOpen === undefined ? undefined : String(isOpen);
  return html`<button type="button" class="tool" title=${words} aria-expanded=${expanded} onClick=${onClick}>
    <${Icon} name=${icon} /><span class="hidden">${words}</span></button>`;
}

/** What is typed goes into the draft, without characters that nobody sees.
 * @param {Opened} opened @param {Surface} surface @param {{ look: (event: any) => void }} slash @param {(words: string | null) => void} tell
 */
function useTyping({ conversation_id: id }, surface, slash, tell) {
  const { drafts } = useWorkspace();
  return (/** @type {{ currentTarget: HTMLTextAreaElement }} */ event) => {
    const box = event.currentTarget;
    const clean = withoutHidden(box.value);
    const isClean = clean === box.value;
    if (!isClean) {
      const place = Math.max(0, clean.length - (box.value.length - box.selectionEnd));
      box.value = clean;
      box.setSelectionRange(place, place);
    }
    tell(isClean ? null : t("Characters that nobody sees were removed."));
    drafts.choose(id, surface);
    drafts.change(id, surface, { text: clean });
    slash.look(event);
  };
}

/** Saved replies in the box. @param {Opened} opened @param {Surface} surface
 * @param {{ current: HTMLTextAreaElement | null }} field @param {(words: string | null) => void} tell
 */
function useReplies({ conversation_id: id }, surface, field, tell) {
  const { drafts, names } = useWorkspace();
  const { words } = drafts.of(id, surface);
  const onChosen = (
    /** @type {OfferedReply} */ reply,
    /** @type {string} */ language,
    /** @type {{ from: number, to: number }} */ { from, to },
  ) => {
    const filled = reply.texts[language];
    const box = field.current;
    if (!box || !filled) return;
    insert(box, filled.text, from, to);
    drafts.change(id, surface, { savedReply: reply.id, actions: reply.actions });
    names.need(reply.actions);
    const left = leftIn(box.value);
    if (!left) return;
    box.setSelectionRange(left.from, left.to);
    tell(t("Not known here: {what}", { what: filled.missing.map(meant).join(", ") }));
  };
  const isPossible = surface === "reply";
  return useSlash({ conversation: id, text: words.text, isPossible, onChosen });
}
