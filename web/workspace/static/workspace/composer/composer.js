// Where one writes: replies to the consumer and notes for colleagues, as two surfaces with two drafts.

import { html, useEffect, useRef } from "../../island/html.js";
import { Failure } from "../../island/parts.js";
import { useIsPausing } from "../../island/pausing.js";
import { isolated, t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { Box } from "./box.js";
import { Scheduled } from "./scheduled.js";
import { isEmpty, keyOf } from "./words.js";

/** @import { Opened, Surface } from "../../wire.js" */
/** @import { Drafts } from "./drafts.js" */

const NAMES = { reply: t("Reply"), note: t("Private note") };
const SURFACES = /** @type {Surface[]} */ (["reply", "note"]);

export function Composer() {
  const { store, saving } = useWorkspace();
  const opened = store.current.value;
  const id = opened?.conversation_id;
  useEffect(() => {
    if (id) saving.open(id);
  }, [id]);
  return opened && html`<${Writing} key=${id} opened=${opened} />`;
}

/** @param {{ opened: Opened }} props */
function Writing({ opened }) {
  const { drafts } = useWorkspace();
  const { rights } = opened;
  const surface = surfaceFor(opened, drafts);
  const isThere = useIsThere(may(rights, surface), surface);
  const mayWrite = rights.may_reply || rights.may_note || isThere;
  const isKept = (/** @type {Surface} */ each) =>
    !may(rights, each) && !(isThere && each === surface);
  return html`<div class="composer-area">
    <${Scheduled} opened=${opened} />
    ${rights.refusal && html`<p class="refusal">${isolated(rights.refusal)}</p>`}
    ${SURFACES.map((each) => isKept(each) && html`<${Kept} key=${each} opened=${opened} surface=${each} />`)}
    ${
      mayWrite &&
      html`<div class="writing ${surface}"><${Surfaces} opened=${opened} surface=${surface} />
      ${isThere && html`<${Box} key=${opened.conversation_id} opened=${opened} surface=${surface} />`}</div>`
    }
  </div>`;
}

/** Say whether a box is there: as long as one may write, and until who typed meanwhile pauses, so
 * that the rest of a sentence goes into the draft. @param {boolean} isAllowed @param {Surface} surface
 */
function useIsThere(isAllowed, surface) {
  const before = useRef(/** @type {Surface | null} */ (null));
  const isOver = useIsPausing(!isAllowed);
  if (isAllowed || isOver) before.current = isAllowed ? surface : null;
  return before.current === surface;
}

/** @param {Opened["rights"]} rights @param {Surface} surface */
const may = (rights, surface) => (surface === "note" ? rights.may_note : rights.may_reply);

/**
 * The surface that is shown. It never changes while there are words on it: what was meant for
 * colleagues must not stand where a key sends it to the consumer.
 * @param {Opened} opened @param {Drafts} drafts @returns {Surface}
 */
function surfaceFor({ conversation_id: id, rights }, drafts) {
  const wanted = drafts.surfaceOf(id);
  const other = wanted === "note" ? "reply" : "note";
  const isStuck = !may(rights, wanted) && may(rights, other);
  return isStuck && isEmpty(drafts.of(id, wanted).words) ? other : wanted;
}

/** A draft that cannot be sent now. @param {{ opened: Opened, surface: Surface }} props */
function Kept({ opened, surface }) {
  const { drafts } = useWorkspace();
  const id = opened.conversation_id;
  const { text } = drafts.of(id, surface).words;
  if (!text) return null;
  const isOpen = ["waiting", "assigned"].includes(opened.row.status);
  const why = drafts.refused.value.get(keyOf(id, surface)) ?? null;
  return html`<p class="quiet kept">${isOpen ? KEPT[surface] : NOT_SENT[surface]} <bdi data-words>${text}</bdi></p>
    <${Failure} words=${why} />`;
}

const KEPT = {
  reply: t("Your draft is kept, and comes back when you can send it:"),
  note: t("Your note is kept, and comes back when you can add it:"),
};
const NOT_SENT = {
  reply: t("Your draft was not sent:"),
  note: t("Your note was not added:"),
};

/** The tabs of the box. @param {{ opened: Opened, surface: Surface }} props */
function Surfaces({ opened, surface }) {
  const { drafts } = useWorkspace();
  const { rights, conversation_id: id } = opened;
  const shown = SURFACES.filter((each) => may(rights, each));
  return html`<fieldset class="kinds"><legend class="hidden">${t("Kind of message")}</legend>
    ${shown.map((each) => {
      const isBegun = each !== surface && !isEmpty(drafts.of(id, each).words);
      return html`<label class=${each}><input type="radio" name="kind-${id}" value=${each} checked=${each === surface}
        aria-label=${NAMES[each]} onChange=${() => drafts.choose(id, each)} /> ${NAMES[each]}${
          isBegun && html` <span class="begun">${t("Draft")}</span>`
        }</label>`;
    })}
  </fieldset>`;
}
