// What stands under a reply: the writer's signature, which they see before, and may leave out.

import { html, useState } from "../../island/html.js";
import { inGsm7 } from "../../island/plain.js";
import { signed } from "../../island/signing.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";

/**
 * `shown`: the signature, in plain characters if they were asked for. `signature`: what is put under replies.
 * @typedef {{ shown: string | null, isOn: boolean, signature: string | null, toggle: () => Promise<void>, makePlain: () => void, refused: string | null }} Signing
 */

/** @returns {Signing} */
export function useSigning() {
  const { store, acts } = useWorkspace();
  const [isPlain, setPlain] = useState(false);
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const { signature: own, signs_replies: isOn } = store.own.value.agent;
  const shown = own && isPlain ? (inGsm7(own) ?? own) : own;
  return {
    ...{ shown, isOn, refused, signature: isOn ? shown : null },
    toggle: async () => refuse(await acts.sign({ is_on: !isOn })),
    makePlain: () => setPlain(true),
  };
}

/** The signature under the box, and its switch. @param {{ signing: Signing, text: string }} props */
export function SignatureLine({ signing: { shown, isOn, toggle }, text }) {
  if (!shown) return null;
  const isThere = isOn && text.trim() !== "" && signed(text, shown) === text;
  return html`<div class="signing">
    ${isOn && !isThere && html`<p class="signature" dir="auto" data-words>${shown}</p>`}
    <label class="tick"><input type="checkbox" checked=${isOn} onChange=${toggle} /> ${t("Signature")}</label>
    ${isThere && html`<span class="quiet">${t("The text ends with it already.")}</span>`}
    ${!isOn && html`<bdi class="quiet">${shown}</bdi>`}
  </div>`;
}
