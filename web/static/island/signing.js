// The reader's signature: changed in their menu, switched where they write, and under what they send.

import { request } from "./api.js";
import { Field } from "./parts.js";
import { FormDialog } from "./form_dialog.js";
import { html, useState } from "./html.js";
import { t } from "./words.js";

/** @import { Own, SignatureOut } from "../wire.js" */

/** As `domain.writing.signatures`. */
const LONGEST = 60;

const BLANKS = /[ \t\n]+$/;

/** A text with its signature, as `domain.writing.signatures`. @param {string} text @param {string | null} signature */
export function signed(text, signature) {
  const words = text.replace(BLANKS, "");
  if (!words || !signature || bears(words, signature)) return text;
  return `${words}\n${signature}`;
}

/** Say whether a text ends with a signature already. @param {string} words @param {string} signature */
function bears(words, signature) {
  if (!words.endsWith(signature)) return false;
  const before = words.slice(0, -signature.length);
  return !before || BLANKS.test(before);
}

/** @typedef {{ text?: string | null, is_on?: boolean }} Change */

/**
 * Change the signature; what refused it, null for nothing.
 * @param {{ value: Own, peek: () => Own }} own @param {Change} change @returns {Promise<string | null>}
 */
export async function sign(own, change) {
  const before = own.peek().agent;
  const show = (/** @type {string | null} */ signature, /** @type {boolean} */ isOn) => {
    const now = own.peek();
    own.value = { ...now, agent: { ...now.agent, signature, signs_replies: isOn } };
  };
  show(before.signature, change.is_on ?? before.signs_replies);
  const outcome = await request("/v1/me/signature", { method: "PATCH", body: change });
  if (outcome.state === "done") {
    const { text, is_on: isOn } = /** @type {SignatureOut} */ (outcome.value);
    show(text, isOn);
    return null;
  }
  show(before.signature, before.signs_replies);
  if (outcome.state === "refused") return outcome.sentence;
  return t("There is no connection. Nothing is lost: try again.");
}

/** @param {{ own: Own, onSign: (change: Change) => Promise<string | null>, onClose: () => void }} props */
export function SignatureDialog({ own, onSign, onClose }) {
  const [text, write] = useState(own.agent.signature ?? "");
  const give = async () => {
    const sentence = await onSign({ text: text.trim() || null, is_on: true });
    return sentence === null ? { state: "done" } : { state: "refused", sentence };
  };
  return html`<${FormDialog} title=${t("Signature")} done=${t("Save")} onClose=${onClose} give=${give}>
    <${Field} label=${t("What stands under your replies")} hint=${t("(one line, such as – Ann)")}>${(
      /** @type {string} */ id,
    ) =>
      html`<input id=${id} dir="auto" maxlength=${LONGEST} autocomplete="off" value=${text}
        onInput=${(/** @type {any} */ event) => write(event.currentTarget.value)} />`}<//>
    <p class="quiet">${t("It counts as a part of the text. Without it, leave this empty.")}</p>
  <//>`;
}
