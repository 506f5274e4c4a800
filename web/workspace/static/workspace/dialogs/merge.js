// Merging the consumer with another number of theirs: what becomes one, and what stays apart.

import { newKey, request } from "../../island/api.js";
import { useIsland } from "../../island/context.js";
import { html, useEffect, useState } from "../../island/html.js";
import { Avatar, calledBy, Field } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { useWorkspace } from "../store.js";
import { FormDialog } from "./form.js";

/** @import { ConsumerDetail, ConsumerInList } from "../../wire.js" */
/** @import { Result } from "../outbox.js" */
/** @import { DialogProps } from "./open_dialog.js" */

const PAUSE_MS = 250;
const LISTED = 20;

/** @param {DialogProps} props */
export function Merge({ id, onClose }) {
  const { store } = useWorkspace();
  const consumer = store.opened.value.get(id)?.consumer;
  const [wanted, search] = useState("");
  const [chosen, choose] = useState(/** @type {ConsumerInList | null} */ (null));
  const [key] = useState(newKey);
  const merged = useMerging(id);
  const found = useFound(wanted, consumer?.kept_id);
  if (!consumer) return null;
  const give = (/** @type {Record<string, string>} */ { kept }) =>
    merged(consumer, chosen, kept ?? "", key);
  return html`<${FormDialog} title=${t("Merge with another number")} kind="merging" done=${t("Merge")} onClose=${onClose} give=${give}>
    <p>${t("For one person who texts from several numbers. Name, e-mail, note and fields become one, and conversations are listed together.")}</p>
    <p class="quiet">${t("Each number keeps its own conversations, its consent and its blocks: who opted out stays so. You can separate them again.")}</p>
    <${Field} label=${t("Find the other number")}>${(/** @type {string} */ field) =>
      html`<input id=${field} type="search" dir="auto" maxlength="100" autocomplete="off" value=${wanted} placeholder=${t("Name or number")} onInput=${(/** @type {any} */ event) => search(event.currentTarget.value)} />`}<//>
    <${Found} found=${found} chosen=${chosen} onChoose=${choose} />
    ${chosen && html`<${Kept} consumer=${consumer} other=${chosen} />`}
  <//>`;
}

/** Search as it is typed; the consumer themselves is no choice. @param {string} wanted @param {string} [kept] */
function useFound(wanted, kept) {
  const [found, setFound] = useState(/** @type {ConsumerInList[] | null} */ (null));
  useEffect(() => {
    let isCurrent = true;
    const ask = async () => {
      const query = new URLSearchParams({ search: wanted, limit: String(LISTED) });
      const outcome = await request(`/v1/consumers?${query}`);
      if (!isCurrent || outcome.state !== "done") return;
      const { items } = /** @type {{ items: ConsumerInList[] }} */ (outcome.value);
      setFound(items.filter((one) => one.kept_id !== kept));
    };
    const timer = setTimeout(ask, wanted ? PAUSE_MS : 0);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, kept]);
  return found;
}

/**
 * @param {{ found: ConsumerInList[] | null, chosen: ConsumerInList | null,
 *   onChoose: (one: ConsumerInList) => void }} props
 */
function Found({ found, chosen, onChoose }) {
  if (!found) return html`<p class="quiet">${t("Searching")}</p>`;
  if (!found.length) return html`<p class="quiet" role="status">${t("Nobody was found.")}</p>`;
  return html`<fieldset class="found-consumers"><legend class="hidden">${t("The other number")}</legend>
    ${found.map(
      (one) => html`<label key=${one.id} class="found">
        <input type="radio" name="other" value=${one.id} required checked=${chosen?.id === one.id} onChange=${() => onChoose(one)} />
        <${Avatar} name=${calledBy(one)} id=${one.kept_id} />
        <span><bdi>${calledBy(one)}</bdi>${(one.name || one.numbers.length > 1) && html`<br /><${AllNumbers} numbers=${one.numbers} />`}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** @param {{ numbers: string[] }} props */
function AllNumbers({ numbers }) {
  const shown = numbers.map((number, index) => html`${index > 0 && ", "}<bdi>${number}</bdi>`);
  return html`<span class="quiet">${shown}</span>`;
}

/** Whose details hold where both have some. @param {{ consumer: ConsumerDetail, other: ConsumerInList }} props */
function Kept({ consumer, other }) {
  return html`<fieldset class="kept-consumer"><legend>${t("Where both have details, keep those of")}</legend>
    <label class="tick"><input type="radio" name="kept" value="this" checked /> <${Called} one=${consumer} /></label>
    <label class="tick"><input type="radio" name="kept" value="other" /> <${Called} one=${other} /></label>
  </fieldset>`;
}

/** @param {{ one: { name: string | null, number_shown: string } }} props */
function Called({ one }) {
  const number = one.name && html`<bdi class="quiet">${one.number_shown}</bdi>`;
  return html`<bdi>${calledBy(one)}</bdi> ${number}`;
}

/** @param {string} conversation */
function useMerging(conversation) {
  const { store, loading } = useWorkspace();
  const { toasts } = useIsland();
  const undo = async (/** @type {string} */ merged) => {
    const outcome = await request(`/v1/consumers/${merged}/merge`, { method: "DELETE" });
    if (outcome.state === "done") store.putConsumer(/** @type {ConsumerDetail} */ (outcome.value));
    loading.opened(conversation);
  };
  /** @param {ConsumerDetail} consumer @param {ConsumerInList | null} other @param {string} kept @param {string} key @returns {Promise<Result>} */
  return async (consumer, other, kept, key) => {
    if (!other) return refused(t("Choose the other number."));
    const [stays, goes] =
      kept === "other" ? [other.kept_id, consumer.kept_id] : [consumer.kept_id, other.kept_id];
    const body = { consumer_id: goes };
    const sent = { method: "POST", body, key: `${key}-${stays.slice(0, 8)}-${goes.slice(0, 8)}` };
    const outcome = await request(`/v1/consumers/${stays}/merge`, sent);
    if (outcome.state === "refused") return refused(outcome.sentence);
    if (outcome.state === "none")
      return refused(t("There is no connection. Nothing is lost: try again."));
    store.putConsumer(/** @type {ConsumerDetail} */ (outcome.value));
    loading.opened(conversation);
    const action = { words: t("Undo"), run: () => void undo(goes) };
    toasts.show({ words: t("Merged. Both numbers are one consumer now."), action });
    return { state: "done", answer: { conversation_id: conversation, message_id: null } };
  };
}

/** @param {string} sentence @returns {Result} */
const refused = (sentence) => ({ state: "refused", sentence, code: "" });
