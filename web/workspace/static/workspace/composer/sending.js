// Sending what is in the box: now, later, or as a note; and what follows.

import { LONGEST } from "../../island/segments.js";
import { signed } from "../../island/signing.js";
import { t } from "../../island/words.js";
import { leftIn } from "./placeholders.js";
import { keyOf } from "./words.js";

/** @import { Opened, Surface } from "../../wire.js" */
/** @import { Workspace } from "../workspace.js" */
/** @import { LaterState } from "./later.js" */
/** @import { PicturesState } from "./pictures.js" */
/** @import { Signing } from "./signature.js" */
/** @import { Action, Words } from "./words.js" */

const CLOSE = /** @type {Action} */ ({ kind: "close", reason: null });

/**
 * @typedef {{ workspace: Workspace, opened: Opened, surface: Surface, later: LaterState, pictures: PicturesState,
 *   signing: Signing, field: { current: HTMLTextAreaElement | null } }} Sender
 */

/** Send what is in the box, unless something is wrong with it. @param {Sender} sender @param {boolean} closes */
export function send(sender, closes) {
  const { workspace, opened, surface, later, signing } = sender;
  const { acts, drafts, told } = workspace;
  const id = opened.conversation_id;
  const { words } = drafts.at(keyOf(id, surface));
  const signature = surface === "reply" ? signing.signature : null;
  const sent = { ...words, text: words.text.trim(), signature };
  if (!isSendable(sender, sent)) return;
  if (surface === "note") acts.note(id, sent.text, told.takePicked(id));
  else if (later.isOpen) {
    const at = later.check(sent.pictures.length > 0);
    if (!at) return;
    const again = later.again();
    acts.schedule(id, sent, at).then(({ state }) => {
      // Refused, it comes back as what it was: a text for later, which no key sends now.
      if (state === "refused") again();
    });
    later.close();
  } else acts.reply(id, sent, followedBy(sent, closes));
  drafts.take(id, surface);
}

/** What is done afterwards; null: it has to be read. @param {Words} words @param {boolean} closes */
function followedBy({ actions, savedReply }, closes) {
  if (actions === null && savedReply !== null && !closes) return null;
  if (!closes) return actions ?? [];
  const marks = (actions ?? []).filter(({ kind }) => kind === "label" || kind === "priority");
  return [...marks, CLOSE];
}

/** @param {Sender} sender @param {Words & { signature: string | null }} words */
function isSendable(sender, { text, pictures, signature }) {
  // Too long is refused here: the words stay where they can be shortened.
  if ((!text && !pictures.length) || signed(text, signature).length > LONGEST) return false;
  if (sender.surface === "note") return true;
  const sentence = sender.pictures.busy
    ? t("A picture is still being uploaded. Send this when it is there.")
    : unfilled(sender);
  if (sentence) refuse(sender, sentence);
  return !sentence;
}

/** What is said of a placeholder without a value, which is then selected. @param {Sender} sender */
function unfilled({ field }) {
  const box = field.current;
  const left = box && leftIn(box.value);
  if (!left) return null;
  box.focus();
  box.setSelectionRange(left.from, left.to);
  const { written } = left;
  return t("Nobody knows what {written} stands for here. Write it yourself, or remove it.", {
    written,
  });
}

/** @param {Sender} sender @param {string} sentence */
function refuse({ workspace, opened, surface }, sentence) {
  workspace.drafts.refuse(keyOf(opened.conversation_id, surface), sentence);
}
