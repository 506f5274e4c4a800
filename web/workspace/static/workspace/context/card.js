// A card that can be folded; whether it is stays with the browser.

import { html } from "../../island/html.js";

/** @import { Children } from "../../island/html.js" */

/** @param {{ name: string, title: string, tool?: Children, children: Children }} props */
export function Card({ name, title, tool, children }) {
  const key = `folded/${name}`;
  const toggled = (/** @type {any} */ event) => {
    if (event.currentTarget.open) localStorage.removeItem(key);
    else localStorage.setItem(key, "yes");
  };
  return html`<section class="card-of card-${name}">
    <details open=${localStorage.getItem(key) === null} onToggle=${toggled}>
      <summary><h2>${title}</h2></summary>
      ${tool && html`<div class="card-tool">${tool}</div>`}
      ${children}
    </details>
  </section>`;
}
