// Saved replies to choose from, with what the chosen one says.

import { html, useEffect, useRef } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { n, t } from "../../island/words.js";
import { wordsFor } from "./afterwards.js";
import { meant } from "./placeholders.js";

/** @import { OfferedReply } from "../../wire.js" */
/** @import { Names } from "./afterwards.js" */
/** @import { SlashState } from "./slash.js" */

/** @param {{ slash: SlashState, names: Names }} props */
export function RepliesList({ slash, names }) {
  const { items, isSure, current } = slash;
  const chosen = items[current];
  if (!slash.isOpen) return null;
  return html`<div class="saved-replies" id=${slash.id}>
    <p class="hidden" role="status">${statusOf(slash)}</p>
    ${!items.length && html`<p class="quiet none">${isSure ? t("No saved reply fits.") : t("Looking for saved replies …")} <a href="/admin/saved-replies" target="_blank" rel="noopener">${t("Make one")}</a></p>`}
    ${items.length > 0 && html`<${Options} slash=${slash} />`}
    ${chosen && html`<${Preview} reply=${chosen} slash=${slash} names=${names} />`}
  </div>`;
}

/** @param {SlashState} slash */
function statusOf({ items, current }) {
  const chosen = items[current];
  if (!chosen) return "";
  const { title } = chosen;
  return n("{n} saved reply: {title}", "{n} saved replies, now: {title}", items.length, { title });
}

/** @param {{ slash: SlashState }} props */
function Options({ slash }) {
  const { items, current } = slash;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [current, items]);
  return html`<ul role="listbox" aria-label=${t("Saved replies")} ref=${list} id="${slash.id}-list">
    ${items.map(
      (reply, index) => html`<li key=${reply.id} role="option" id="${slash.id}-${reply.id}"
      aria-selected=${index === current ? "true" : "false"}
      onMouseDown=${keepFocus} onMouseEnter=${() => slash.move(index)} onClick=${() => slash.choose(reply)}>
      <span class="title"><bdi>${reply.title}</bdi></span> <span class="quiet"><bdi>/${reply.name}</bdi></span>
    </li>`,
    )}
  </ul>`;
}

/** The cursor stays in the box. @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** @param {{ reply: OfferedReply, slash: SlashState, names: Names }} props */
function Preview({ reply, slash, names }) {
  const language = slash.languageOf(reply);
  const filled = reply.texts[language];
  const languages = Object.keys(reply.texts);
  return html`<div class="preview-of">
    ${
      languages.length > 1 &&
      html`<div class="languages" role="group" aria-label=${t("Language")}>${languages.map(
        (
          code,
        ) => html`<button type="button" key=${code} aria-pressed=${code === language ? "true" : "false"}
        onMouseDown=${keepFocus} onClick=${() => slash.chooseLanguage(reply, code)}>${nameOf(code)}</button>`,
      )}</div>`
    }
    <p class="words" dir="auto" lang=${language}>${filled?.text}</p>
    ${filled && filled.missing.length > 0 && html`<p class="missing"><${Icon} name="warn" />${t("Not known here: {what}", { what: filled.missing.map(meant).join(", ") })}</p>`}
    ${reply.actions.length > 0 && html`<p class="quiet">${t("Then: {what}", { what: reply.actions.map((one) => wordsFor(one, names)).join(", ") })}</p>`}
    <p class="quiet keys">${t("Arrow keys choose, Enter takes it, Escape leaves it.")}</p>
  </div>`;
}

/** @param {string} code */
function nameOf(code) {
  const names = new Intl.DisplayNames([document.documentElement.lang || "en"], {
    type: "language",
  });
  return names.of(code) ?? code;
}
