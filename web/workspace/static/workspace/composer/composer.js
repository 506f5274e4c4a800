// Where one writes: replies to the consumer and notes for colleagues, as two surfaces with two drafts.

import { useShortcuts } from "../../island/context.js";
import { html, useEffect, useRef } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { Button, Failure } from "../../island/parts.js";
import { LONGEST } from "../../island/segments.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { Counter } from "./counter.js";
import { LaterFields, useLater } from "./later.js";
import { Chosen, PictureButton, usePictures } from "./pictures.js";
import { Scheduled } from "./scheduled.js";

/** @import { Opened } from "../../wire.js" */
/** @import { Draft, Kind } from "./drafts.js" */

const NAMES = { reply: t("Reply"), note: t("Private note") };
const HINTS = { reply: t("Write to the consumer"), note: t("Only colleagues can read this") };

export function Composer() {
  const { store } = useWorkspace();
  const opened = store.current.value;
  if (!opened) return null;
  const { rights } = opened;
  const mayWrite = rights.may_reply || rights.may_note;
  return html`<div class="composer-area">
    <${Scheduled} opened=${opened} />
    ${rights.refusal && html`<p class="refusal">${isolated(rights.refusal)}</p>`}
    ${!rights.may_reply && html`<${Kept} opened=${opened} />`}
    ${mayWrite && html`<${Box} opened=${opened} />`}
  </div>`;
}

/** A draft that cannot be sent now. @param {{ opened: Opened }} props */
function Kept({ opened }) {
  const { drafts } = useWorkspace();
  const { reply } = drafts.of(opened.conversation_id);
  if (!reply) return null;
  const isOpen = ["waiting", "assigned"].includes(opened.row.status);
  const words = isOpen
    ? t("Your draft is kept in this tab and comes back when you can send it:")
    : t("Your draft was not sent:");
  return html`<p class="quiet kept">${words} <bdi data-words>${reply}</bdi></p>`;
}

/** The kind that is written: the draft's, if it can be written now. @param {Draft} draft @param {Opened["rights"]} rights @returns {Kind} */
function kindOf({ kind }, rights) {
  if (kind === "note") return rights.may_note ? "note" : "reply";
  return rights.may_reply ? "reply" : "note";
}

/** @param {{ opened: Opened }} props */
function Box({ opened }) {
  const { drafts } = useWorkspace();
  const id = opened.conversation_id;
  const draft = drafts.of(id);
  const kind = kindOf(draft, opened.rights);
  const field = useFocus();
  const later = useLater();
  const pictures = usePictures(opened);
  const send = useSending(opened, kind, later);
  const write = (/** @type {any} */ event) => {
    drafts.change(id, { [kind]: event.currentTarget.value, kind });
    drafts.refused.value = null;
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    send();
  };
  useWritingKeys(opened, send, field);
  const isReply = kind === "reply";
  const done = isReply ? (later.isOpen ? t("Schedule") : t("Send")) : t("Add note");
  const refused = drafts.refused.value;
  const isRefused = refused?.conversation === id && refused.kind === kind;
  return html`<form class="composer ${kind}" id="composer-form-${id}" autocomplete="off" ...${pictures.handlers}
    onSubmit=${submit}>
    <${Kinds} opened=${opened} kind=${kind} onChosen=${() => field.current?.focus()} />
    <label class="hidden" for="text-${id}">${t("Your message")}</label>
    <textarea id="text-${id}" ref=${field} rows="3" dir="auto" value=${draft[kind]} placeholder=${HINTS[kind]}
      aria-describedby="counter-${id}" onInput=${write}></textarea>
    ${isReply && later.isOpen && html`<${LaterFields} later=${later} />`}
    ${isReply && html`<${Chosen} opened=${opened} field=${field} />`}
    <${Failure} words=${(isRefused && refused.sentence) || later.refused || pictures.refused} />
    <div class="bar">
      <${Counter} id="counter-${id}" text=${draft[kind]} isSmart=${opened.smart_encoding} />
      <p class="hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd> ${t("to send")}</p>
      ${isReply && opened.may_send_pictures && html`<${PictureButton} pictures=${pictures} />`}
      ${
        isReply &&
        html`<button type="button" aria-expanded=${later.isOpen ? "true" : "false"} onClick=${later.toggle}>
        <${Icon} name="later" /><span>${t("Send later")}</span></button>`
      }
      <${Button} type="submit" kind="primary" icon="send" words=${done} />
    </div>
  </form>`;
}

/** @param {{ opened: Opened, kind: Kind, onChosen: () => void }} props */
function Kinds({ opened, kind, onChosen }) {
  const { drafts } = useWorkspace();
  const { rights, conversation_id: id } = opened;
  const kinds = /** @type {Kind[]} */ (["reply", "note"]).filter((each) =>
    each === "reply" ? rights.may_reply : rights.may_note,
  );
  const choose = (/** @type {Kind} */ each) => {
    drafts.change(id, { kind: each });
    onChosen();
  };
  return html`<fieldset class="kinds"><legend class="hidden">${t("Kind of message")}</legend>
    ${kinds.map(
      (
        each,
      ) => html`<label><input type="radio" name="kind-${id}" value=${each} checked=${each === kind}
      onChange=${() => choose(each)} /> ${NAMES[each]}</label>`,
    )}
  </fieldset>`;
}

/** The box has the focus when its conversation opens, unless something else was chosen meanwhile. */
function useFocus() {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => {
    const active = document.activeElement;
    if (active === document.body || active?.matches(".entry, .tabs a")) field.current?.focus();
  }, []);
  return field;
}

/** @param {Opened} opened @param {Kind} kind @param {import("./later.js").LaterState} later */
function useSending(opened, kind, later) {
  const { acts, drafts } = useWorkspace();
  const id = opened.conversation_id;
  return () => {
    const draft = drafts.of(id);
    const text = draft[kind];
    const pictures = kind === "reply" ? draft.pictures : [];
    // Too long is refused here: the words stay where they can be shortened.
    if ((!text.trim() && !pictures.length) || text.length > LONGEST) return;
    if (kind === "reply" && later.isOpen) {
      const at = later.check(pictures.length > 0);
      if (!at) return;
      acts.schedule(id, text, at);
      later.close();
    } else if (kind === "reply") acts.reply(id, text, pictures);
    else acts.note(id, text);
    // The kind chosen for these words does not apply to later ones.
    drafts.change(id, { [kind]: "", kind: "reply", ...(kind === "reply" && { pictures: [] }) });
  };
}

/** @param {Opened} opened @param {() => void} send @param {{ current: HTMLTextAreaElement | null }} field */
function useWritingKeys(opened, send, field) {
  const { drafts } = useWorkspace();
  const latest = useRef(send);
  latest.current = send;
  const group = t("Writing");
  const id = opened.conversation_id;
  const write = (/** @type {Kind} */ kind) => () => {
    drafts.change(id, { kind });
    field.current?.focus();
  };
  useShortcuts(() => [
    {
      ...{ keys: "Ctrl+Enter", words: t("Send what is in the box"), group, isForWriting: true },
      run: (event) => {
        const isHere = field.current?.form?.contains(/** @type {Node} */ (event.target));
        // A key that is held down counts once.
        if (isHere && !event.repeat) latest.current();
        return isHere;
      },
    },
    { keys: "r", words: t("Write a reply"), group, run: write("reply") },
    { keys: "n", words: t("Write a private note"), group, run: write("note") },
  ]);
}
