// Opening a conversation with a number.

import { html, useState } from "../../island/html.js";
import { Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { CountedText } from "./counted_text.js";
import { FormDialog } from "./form.js";

/** @import { DialogProps } from "./open_dialog.js" */

const ABOUT = [
  { name: "reason", label: t("Reason"), longest: 200 },
  { name: "reference", label: t("Reference, such as a case number"), longest: 100 },
  { name: "link", label: t("Link to your own system"), longest: 2000 },
];

/** @param {DialogProps} props */
export function Begin({ onClose }) {
  const { store, acts } = useWorkspace();
  const { lines } = store.boot.value;
  const [line, setLine] = useState(lines[0]?.id ?? "");
  const isSmart = lines.find(({ id }) => id === line)?.smart_encoding ?? false;
  const give = (/** @type {Record<string, string>} */ values) => acts.begin(bodyOf(values));
  return html`<${FormDialog} title=${t("Text a number")} done=${t("Send")} onClose=${onClose} give=${give}>
    <${Field} label=${t("Phone number")}>${(/** @type {string} */ id) =>
      html`<input id=${id} name="number" inputmode="tel" autocomplete="off" maxlength="40" required placeholder="+15550123456" autofocus />`}<//>
    <${Field} label=${t("From")}>${(/** @type {string} */ id) =>
      html`<select id=${id} name="line" dir="auto" required onChange=${(/** @type {any} */ event) => setLine(event.currentTarget.value)}>
        ${lines.map((one) => html`<option value=${one.id} dir="auto">${`${one.name} (${one.address})`}</option>`)}</select>`}<//>
    <${CountedText} isSmart=${isSmart} />
    <${About} />
  <//>`;
}

/** @param {Record<string, string>} values */
function bodyOf({ number, line, text, origin, ...about }) {
  const given = Object.entries(about).map(([name, words]) => [name, words.trim()]);
  return {
    number: number?.trim(),
    line,
    text,
    origin: origin ?? "proactive",
    context: Object.fromEntries(given),
  };
}

function About() {
  return html`<details class="about"><summary>${t("After a phone call, or about something")}</summary>
    <div class="check"><input type="checkbox" id="begin-origin" name="origin" value="follow_up" />
      <label for="begin-origin">${t("It follows a phone call or another contact")}</label></div>
    ${ABOUT.map(
      ({ name, label, longest }) =>
        html`<${Field} key=${name} label=${label} hint=${t("(optional)")}>${(
          /** @type {string} */ id,
        ) =>
          html`<input id=${id} name=${name} dir="auto" maxlength=${longest} autocomplete="off" inputmode=${name === "link" ? "url" : undefined} />`}<//>`,
    )}
    <${Field} label=${t("Note for colleagues")} hint=${t("(optional)")}>${(
      /** @type {string} */ id,
    ) => html`<textarea id=${id} name="note" rows="2" dir="auto" maxlength="2000"></textarea>`}<//>
  </details>`;
}
