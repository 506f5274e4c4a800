// Another conversation of the consumer, read beside the open one: its texts, without what is done.

import { request } from "../../island/api.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Button, Failure, Skeleton, Time } from "../../island/parts.js";
import { isolated, t } from "../../island/words.js";
import { addressOf } from "../route.js";

/** @import { Entries, Entry } from "../../wire.js" */

const AT_ONCE = 40;

/** @param {{ id: string }} props */
export function Beside({ id }) {
  const [part, setPart] = useState(/** @type {Entries | null} */ (null));
  const [told, tell] = useState(/** @type {string | null} */ (null));
  const first = part?.entries[0]?.id;
  const load = async () => {
    const before = first === undefined ? "" : `&before=${first}`;
    const outcome = await request(`/workspace/${id}/entries?limit=${AT_ONCE}${before}`);
    if (outcome.state !== "done")
      return tell(t("There is no connection. Nothing is lost: try again."));
    tell(null);
    const found = /** @type {Entries} */ (outcome.value);
    setPart({ ...found, entries: [...found.entries, ...(part?.entries ?? [])] });
  };
  useEffect(() => void load(), [id]);
  return html`<div class="beside">
    ${part?.earlier && html`<${Button} kind="quiet-button" words=${t("Earlier entries")} onClick=${load} />`}
    ${!part && !told && html`<${Skeleton} />`}
    <ol>${part?.entries.map((entry) => html`<${Line} key=${entry.id} entry=${entry} />`)}</ol>
    <${Failure} words=${told} />
    ${told && html`<${Button} kind="quiet-button" words=${t("Try again")} onClick=${load} />`}
    <p><a href=${addressOf({ view: "all", conversation: id })}>${t("Go to this conversation")}</a></p>
  </div>`;
}

/** @param {{ entry: Entry }} props */
function Line({ entry }) {
  const { message, sentence, at } = entry;
  if (!message) {
    return (
      sentence &&
      html`<li class="quiet"><span dir="auto">${sentence}</span> <${Time} at=${at} /></li>`
    );
  }
  const files = message.media.length;
  return html`<li class=${message.author}><p class="quiet"><span>${writerOf(entry)}</span> <${Time} at=${at} /></p>
    ${message.text && html`<p class="words" dir="auto">${message.text}</p>`}
    ${files > 0 && html`<p class="quiet">${t("With pictures or files: go to this conversation to see them.")}</p>`}</li>`;
}

/** @param {Entry} entry */
function writerOf({ message, by, label }) {
  if (message?.author === "consumer") return t("Consumer");
  if (message?.author === "system")
    return label ? t("Automatic: {label}", { label }) : t("Automatic");
  if (message?.author === "note") return t("Private note by {name}", { name: by?.name ?? "" });
  return by?.name ? isolated(by.name) : t("Agent");
}
