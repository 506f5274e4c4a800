// Pages of other systems beside the conversation. Each is loaded once somebody opens it, in a frame
// that sees nothing of ours; which ones are open stays with the browser.

import { readPatiently } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { isolated, t } from "../../island/words.js";

/** @import { ConversationPanel, ConversationPanels, Opened } from "../../wire.js" */

/** What a framed page may do: run, log its user in, and open pages of its own beside us. */
const ALLOWED =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
/** Names of the server for what is no field of the account. @type {Record<string, string>} */
const WORDS = { Name: t("Name"), Number: t("Number"), "E-mail": t("E-mail") };

/** The hosts that this page may frame, as its policy says. */
const hosts = () => (document.body.dataset.panelHosts ?? "").split(" ");

/** @param {{ opened: Opened }} props */
export function Panels({ opened }) {
  const [panels, setPanels] = useState(/** @type {ConversationPanel[]} */ ([]));
  const { conversation_id: id, consumer } = opened;
  const isNone = hosts()[0] === "'none'";
  useEffect(() => {
    if (isNone) return;
    let isCurrent = true;
    readPatiently(`/v1/conversations/${id}/panels`, () => isCurrent).then((outcome) => {
      if (!isCurrent || outcome.state !== "done") return;
      setPanels(/** @type {ConversationPanels} */ (outcome.value).panels);
    });
    return () => {
      isCurrent = false;
    };
  }, [id, consumer.revision, isNone]);
  return html`${panels.map((panel) => html`<${Panel} key=${panel.id} panel=${panel} />`)}`;
}

/** @param {{ panel: ConversationPanel }} props */
function Panel({ panel }) {
  const key = `open-panel/${panel.id}`;
  const [isOpen, setOpen] = useState(localStorage.getItem(key) !== null);
  const toggled = (/** @type {any} */ event) => {
    const { open } = event.currentTarget;
    if (open) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
    setOpen(open);
  };
  return html`<section class="card-of panel-card">
    <details open=${isOpen} onToggle=${toggled}>
      <summary><h2><bdi>${panel.name}</bdi></h2></summary>
      ${isOpen && html`<${Framed} panel=${panel} />`}
    </details>
  </section>`;
}

/** @param {{ panel: ConversationPanel }} props */
function Framed({ panel: { name, url, missing } }) {
  if (url === null) {
    const what = missing.map((word) => WORDS[word] ?? word).join(", ");
    return html`<p class="quiet">${t("Not known yet, and needed for this page: {what}", { what })}</p>`;
  }
  const { origin } = new URL(url);
  if (origin === location.origin || !hosts().includes(origin)) {
    return html`<p class="quiet">${t("This page was set up just now. Load Switchboard again to open it.")}</p>`;
  }
  return html`<iframe key=${url} src=${url} title=${isolated(name)} sandbox=${ALLOWED} referrerpolicy="no-referrer" loading="lazy" allow=""></iframe>
    <p><a href=${url} target="_blank" rel="noopener noreferrer nofollow">${t("Open it in a window of its own")}</a></p>`;
}
