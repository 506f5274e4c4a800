// The open conversation: its head, its transcript, and where one writes.

import { html } from "../island/html.js";
import { calledBy, Skeleton } from "../island/parts.js";
import { isolated, t } from "../island/words.js";
import { Composer } from "./composer/composer.js";
import { Head } from "./head/head.js";
import { Taken } from "./notices/taken.js";
import { Presence } from "./presence/presence.js";
import { useWorkspace } from "./store.js";
import { Transcript } from "./transcript/transcript.js";

export function Conversation() {
  const { store } = useWorkspace();
  const id = store.selected.value ?? "";
  const row = store.rows.value.get(id);
  const isGone = store.gone.value.has(id);
  const name = row ? calledBy(row.consumer) : "";
  const gone = html`<p class="refusal">${t("You cannot see this conversation. Somebody else may have it now.")}</p>`;
  // Its texts may be there before what can be done with it.
  const isRead = store.current.value || (!isGone && store.transcripts.value.has(id));
  const head = html`<div class="head"><div class="title"><h1><bdi>${name}</bdi></h1></div></div>`;
  const whole = html`${store.current.value ? html`<${Head} />` : head}<${Transcript} /><${Presence} /><${Taken} />${isGone ? gone : html`<${Composer} />`}`;
  const waiting = isGone ? gone : html`<${Skeleton} lines=${6} />`;
  return html`<section class="conversation" id="conversation" data-conversation=${id}
    aria-label=${t("Conversation with {name}", { name: isolated(name) })}>
    ${isRead ? whole : waiting}
  </section>`;
}
