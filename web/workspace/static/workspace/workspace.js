// The workspace: begins with what the server knows, follows it, and shows it.

import { loggedOut, request } from "../island/api.js";
import { IslandProvider } from "../island/context.js";
import { effect, html, render, untracked } from "../island/html.js";
import { Keys } from "../island/keys.js";
import { Told } from "../island/notices/told.js";
import { tellReader } from "../island/notices/telling.js";
import { Preferences } from "../island/preferences.js";
import { Toasts } from "../island/toasts.js";
import { t } from "../island/words.js";
import { Acts } from "./acts.js";
import { ActionNames, actionsOf, carryOut } from "./composer/afterwards.js";
import { Drafts } from "./composer/drafts.js";
import { Kept } from "./composer/kept.js";
import { Saving } from "./composer/saving.js";
import { isEmpty, keyOf } from "./composer/words.js";
import { follow } from "./following.js";
import { Loading } from "./loading.js";
import { Outbox } from "./outbox.js";
import { Page } from "./page.js";
import { seeOpened } from "./notices/seeing.js";
import { sayPresence } from "./presence/saying.js";
import { plain, written } from "./query.js";
import { Reading } from "./reading.js";
import * as route from "./route.js";
import { Store, StoreProvider } from "./store.js";

/** @import { Boot, Messages } from "../wire.js" */
/** @import { Item } from "./outbox.js" */
/** @import { Stream } from "../island/stream.js" */

/**
 * @typedef {{
 *   store: Store, loading: Loading, outbox: Outbox, acts: Acts, drafts: Drafts, saving: Saving,
 *   names: ActionNames, reading: Reading, toasts: Toasts, stream: Stream<Messages>, told: Told,
 * }} Workspace
 */

/** @param {Boot} boot @param {Kept} kept @returns {Workspace} */
function assemble(boot, kept) {
  const store = new Store(boot);
  const loading = new Loading(store);
  const outbox = new Outbox(boot.own.agent.id);
  const drafts = new Drafts(kept, outbox);
  const saving = new Saving(drafts, store.isLoggedOut);
  const reading = new Reading(store);
  const acts = new Acts(store, outbox, reading);
  show(store, loading, route.here());
  route.install((place) => show(store, loading, place));
  const told = new Told(() => store.clock.now());
  const stream = follow(store, loading, saving, told);
  const [names, toasts] = [new ActionNames(store), new Toasts()];
  return { store, loading, outbox, acts, drafts, saving, names, reading, toasts, stream, told };
}

const MOST_RECENT = 20;

/** @param {Store} store @param {Loading} loading @param {route.Place} place */
function show(store, loading, { query, conversation }) {
  const isOther = store.selected.peek() !== conversation;
  const isNew = written(store.query.peek()) !== written(query);
  store.closeDialog();
  store.query.value = query;
  // First of all what is read: other parts ask for more once it is open.
  if (conversation && isOther) loading.conversation(conversation);
  store.selected.value = conversation;
  if (conversation)
    store.recent.value = [...new Set([conversation, ...store.recent.peek()])].slice(0, MOST_RECENT);
  // What happened to others' conversations was not told while the list was not shown.
  if (isNew || !store.lists.peek()[written(query)]) loading.list(query);
  const entry = route.entryHere();
  if (conversation && entry) loading.show(conversation, entry);
}

/** Connect what was sent with what arrives. @param {Workspace} workspace */
function connect(workspace) {
  const { store, loading, outbox, drafts, saving, stream } = workspace;
  effect(() => {
    const transcript = store.transcripts.value.get(store.selected.value ?? "");
    if (transcript)
      outbox.arrived([...transcript.entries.values()].map(({ entry }) => entry.command));
  });
  effect(() => {
    if (stream.state.value !== "on") return;
    outbox.hurry();
    saving.hurry();
  });
  effect(() => {
    if (outbox.items.value) untracked(() => drafts.look());
  });
  outbox.onDone = (item) => {
    const { conversation } = item;
    if (item.isText) drafts.sent(item);
    if (stream.state.peek() !== "on" && conversation) loading.conversation(conversation);
  };
  outbox.onFollow = (item) => followUp(workspace, item);
  outbox.onRefused = (item) => goesBack(workspace, item);
  outbox.resume();
}

/** Do what follows what was done. @param {Workspace} workspace @param {Item} item */
async function followUp(workspace, item) {
  const { savedReply, after } = item;
  const actions = after ?? (savedReply ? await actionsOf(savedReply) : []);
  await carryOut(workspace, item, actions);
}

/**
 * Put a refused text back into its box, with the reason, unless something else is there by now.
 * @param {Workspace} workspace @param {Item} item
 */
function goesBack({ store, drafts, toasts }, item) {
  const { isText, conversation, what, text, pictures, savedReply, after, whom: name } = item;
  const surface = what === "note" ? "note" : "reply";
  const key = keyOf(conversation, surface);
  if (!isText || !isEmpty(drafts.at(key).words)) return false;
  // Where nobody looks, a text for later must not become one that a key sends now.
  if (item.isLater && store.selected.peek() !== conversation) return false;
  const sentence = item.refused ?? "";
  drafts.giveBack(conversation, surface, { text, pictures, savedReply, actions: after });
  drafts.refuse(key, sentence);
  if (store.selected.peek() !== conversation)
    toasts.show({
      words: t("Not sent to {name}: {sentence}", { name, sentence }),
      isLasting: true,
    });
  return true;
}

/** Tell the reader what concerns them, and colleagues what the reader does. @param {Workspace} workspace */
function tell(workspace) {
  const { store, stream, toasts, told } = workspace;
  const open = (/** @type {string} */ id) =>
    route.go({ view: store.view.peek(), conversation: id });
  tellReader({ told, toasts, stream, here: () => store.selected.peek(), open });
  seeOpened(store, told);
  sayPresence(workspace, told);
}

/** How often the reader's own figures are read again, which change as time passes. */
const OWN_MS = 300_000;

async function begin() {
  const place = document.querySelector("#island") ?? document.body;
  const keys = new Keys();
  const outcome = await request("/workspace/boot");
  if (outcome.state !== "done")
    return failed(place, outcome.state === "none" && outcome.isLoggedOut);
  const boot = /** @type {Boot} */ (outcome.value);
  const kept = await Kept.open(boot.own.agent.id);
  const workspace = assemble(boot, kept);
  const { store, loading, drafts, saving, toasts, told } = workspace;
  drafts.restore(await kept.read());
  saving.load();
  connect(workspace);
  store.clock.run();
  setInterval(() => loading.own(), OWN_MS);
  loading.whole(plain("mine"));
  loading.views();
  loggedOut.addEventListener("ended", () => {
    store.isLoggedOut.value = true;
  });
  const reach = { clock: store.clock, keys, preferences: new Preferences(), toasts, told };
  tell(workspace);
  render(
    html`<${IslandProvider} value=${reach}><${StoreProvider} value=${workspace}><${Page} /><//><//>`,
    place,
  );
}

/** @param {Element} place @param {boolean} isLoggedOut */
function failed(place, isLoggedOut) {
  if (isLoggedOut) {
    location.assign(`/log-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  setTimeout(begin, 2000);
  place.textContent = t("There is no connection. We keep trying.");
}

begin();
