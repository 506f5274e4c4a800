// Saving what is known of a consumer. Somebody else's change of another detail is no obstacle; of
// the same one it is told, and nothing is overwritten before the reader has seen it.

import { request } from "../../../island/api.js";
import { t } from "../../../island/words.js";

/** @import { Outcome } from "../../../island/api.js" */
/** @import { ConsumerDetail, FieldKind } from "../../../wire.js" */

/** @typedef {string | boolean | null} Value */
/**
 * One thing that is known of a consumer. `name`: "name", "email", "note", or a field's id after
 * "field:".
 * @typedef {{ name: string, label: string, kind: FieldKind | "email" | "note", choices: string[],
 *   mayEdit: boolean, isRequired: boolean, value: Value }} Detail
 */
/**
 * What became of a change: "overtaken" if somebody else has changed the same meanwhile.
 * @typedef {{ state: "saved", consumer: ConsumerDetail } | { state: "refused", sentence: string }
 *   | { state: "overtaken", consumer: ConsumerDetail, value: Value }} Saved
 */

const FIELD = "field:";
const CHANGED = "consumer_changed";
const TRIES = 3;

/** What is known besides the name, in the account's order. @param {ConsumerDetail} consumer @returns {Detail[]} */
export function detailsOf(consumer) {
  const fields = consumer.fields.map((field) => ({
    name: FIELD + field.id,
    label: field.name,
    kind: field.kind,
    choices: field.choices,
    mayEdit: field.may_edit,
    isRequired: field.is_required,
    value: field.value,
  }));
  return [own("email", t("E-mail"), "email", consumer.email), ...fields];
}

/** @param {ConsumerDetail} consumer */
export const nameOf = (consumer) => own("name", t("Name"), "text", consumer.name);

/** @param {ConsumerDetail} consumer */
export const noteOf = (consumer) => own("note", t("Note"), "note", consumer.note);

/** @param {string} name @param {string} label @param {Detail["kind"]} kind @param {Value} value @returns {Detail} */
function own(name, label, kind, value) {
  return { name, label, kind, choices: [], mayEdit: true, isRequired: false, value };
}

/** @param {ConsumerDetail} consumer @param {string} name @returns {Value} */
function known(consumer, name) {
  const every = [nameOf(consumer), noteOf(consumer), ...detailsOf(consumer)];
  return every.find((detail) => detail.name === name)?.value ?? null;
}

/**
 * Save one detail. `consumer`: as they were when the reader began.
 * @param {ConsumerDetail} consumer @param {string} name @param {Value} value
 * @returns {Promise<Saved>}
 */
export async function save(consumer, name, value) {
  let seen = consumer;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await change(seen, name, value);
    if (outcome.state === "done") return { state: "saved", consumer: outcome.value };
    if (outcome.state === "none") return { state: "refused", sentence: noConnection() };
    if (outcome.code !== CHANGED) return { state: "refused", sentence: outcome.sentence };
    const latest = await read(consumer.id);
    if (!latest) return { state: "refused", sentence: noConnection() };
    const theirs = known(latest, name);
    if (theirs !== known(consumer, name)) {
      return { state: "overtaken", consumer: latest, value: theirs };
    }
    seen = latest;
  }
  return { state: "refused", sentence: t("Others change this consumer just now. Try again.") };
}

const noConnection = () => t("There is no connection. Nothing is lost: try again.");

/** @param {ConsumerDetail} consumer @param {string} name @param {Value} value @returns {Promise<Outcome<ConsumerDetail>>} */
function change({ id, revision }, name, value) {
  const what = name.startsWith(FIELD)
    ? { fields: { [name.slice(FIELD.length)]: value } }
    : { [name]: value };
  return request(`/v1/consumers/${id}`, { method: "PATCH", body: { revision, ...what } });
}

/** @param {string} id @returns {Promise<ConsumerDetail | null>} */
async function read(id) {
  const outcome = await request(`/v1/consumers/${id}`);
  return outcome.state === "done" ? /** @type {ConsumerDetail} */ (outcome.value) : null;
}
