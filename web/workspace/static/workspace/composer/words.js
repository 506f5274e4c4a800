// What a draft holds, and what is left of it once something was sent (domain/writing/drafts.py).

/** @import { CloseAction, DraftOut, LabelAction, PriorityAction, Surface, TransferAction } from "../../wire.js" */

/** @typedef {LabelAction | PriorityAction | TransferAction | CloseAction} Action */
/**
 * `pictures`: ids of uploaded pictures. `savedReply`: the one it began with. `actions`: what is done
 * once it was sent, null if they have not been read.
 * @typedef {{ text: string, pictures: string[], savedReply: string | null, actions: Action[] | null }} Words
 */

export const NOTHING = /** @type {Words} */ (
  Object.freeze({ text: "", pictures: [], savedReply: null, actions: null })
);

/** @param {Words} words */
export const isEmpty = ({ text, pictures, savedReply }) =>
  !text && !pictures.length && savedReply === null;

/**
 * Say whether it is not worth saving one in the place of the other: the server keeps no actions, and
 * what is sent has no blanks around it.
 * @param {Words} one @param {Words} other
 */
export const same = (one, other) =>
  one.text.trim() === other.text.trim() &&
  one.savedReply === other.savedReply &&
  one.pictures.join() === other.pictures.join();

/** What is left of a draft without what was sent. @param {Words} draft @param {Words} sent @returns {Words} */
export function left(draft, sent) {
  const text = textLeft(draft.text, sent.text);
  const pictures = draft.pictures.filter((id) => !sent.pictures.includes(id));
  const isSent = text !== draft.text;
  return isSent ? { ...NOTHING, text, pictures } : { ...draft, pictures };
}

/** @param {string} draft @param {string} sent */
function textLeft(draft, sent) {
  const [words, begun] = [sent.trim(), draft.trimStart()];
  if (!words || !begun.startsWith(words)) return draft;
  return begun.slice(words.length).trimStart();
}

/** Several drafts as one, in order. @param {Words[]} parts @returns {Words} */
export function joined(parts) {
  const replies = parts.map((part) => part.savedReply).filter(Boolean);
  return {
    text: parts
      .map((part) => part.text)
      .filter(Boolean)
      .join("\n"),
    pictures: parts.flatMap((part) => part.pictures),
    savedReply: replies.at(-1) ?? null,
    actions: parts.at(-1)?.actions ?? null,
  };
}

/** @param {DraftOut} draft @returns {Words} */
export const wordsOf = ({ text, media, saved_reply }) => ({
  text,
  pictures: media,
  savedReply: saved_reply,
  actions: null,
});

/** @param {string} conversation @param {Surface} surface */
export const keyOf = (conversation, surface) => `${conversation}/${surface}`;

/** @param {string} key @returns {[string, Surface]} */
export function partsOf(key) {
  const [conversation = "", surface] = key.split("/");
  return [conversation, surface === "note" ? "note" : "reply"];
}
