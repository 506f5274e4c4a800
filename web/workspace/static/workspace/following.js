// What the stream brings, applied to the store.

import { Stream } from "../island/stream.js";
import { batch, effect } from "../island/html.js";

/** @import { Messages, Row } from "../wire.js" */
/** @import { Told } from "../island/notices/told.js" */
/** @import { Saving } from "./composer/saving.js" */
/** @import { Loading } from "./loading.js" */
/** @import { Store } from "./store.js" */

const MOST_NOTICES = 3;

/**
 * Follow what the page shows, whenever that changes.
 * @param {Store} store @param {Loading} loading @param {Saving} saving @param {Told} told
 * @returns {Stream<Messages>}
 */
export function follow(store, loading, saving, told) {
  /** @type {Stream<Messages>} */
  const stream = new Stream(handlers(store, loading, saving, told));
  let position = store.boot.peek().as_of;
  effect(() => {
    const [view, conversation] = [store.view.value, store.selected.value];
    const open = conversation ? `&conversation=${conversation}` : "";
    stream.follow(`/workspace/stream?view=${view}${open}`, Math.max(position, stream.position));
    position = 0;
  });
  return stream;
}

/** @param {Store} store @param {Loading} loading @param {Saving} saving @param {Told} told @returns {any} */
function handlers(store, loading, saving, told) {
  return /** @type {{ [Name in keyof Messages]: (message: Messages[Name]) => void }} */ ({
    conversation({ conversation, opened, upcoming }) {
      batch(() => {
        store.putRows([conversation]);
        if (opened) store.putOpened(opened);
        else if (upcoming) store.putUpcoming(conversation, upcoming);
      });
      if (hasUnknown(store, conversation)) loading.names();
    },
    entries(part) {
      store.hearEntries(part);
    },
    gone: ({ conversation_id }) => store.remove(conversation_id),
    own(own) {
      store.own.value = own;
    },
    counts(counts) {
      store.counts.value = counts;
    },
    people() {},
    draft({ conversation_id, surface, revision }) {
      saving.heard(conversation_id, surface, revision);
    },
    notices: (message) => told.take(message),
    presence({ conversation_id: conversation, people }) {
      told.present.value = { conversation, people };
    },
    reading: (reading) => store.putReading(reading),
    notice(notice) {
      store.notices.value = [...store.notices.peek(), notice].slice(-MOST_NOTICES);
    },
    reload() {
      store.forget();
      loading.all();
      told.loadAnew();
    },
    beat({ now, waiting }) {
      store.clock.set(now);
      const counts = store.counts.peek();
      if (waiting !== null && waiting !== counts.waiting)
        store.counts.value = { ...counts, waiting };
    },
  });
}

/** @param {Store} store @param {Row} row */
function hasUnknown(store, { agent_id, skill_id, line_id, label_ids, closing_reason_id }) {
  const { people, skills, line_names, labels, closing_reasons } = store.boot.peek();
  const isUnknown = (
    /** @type {string | null} */ id,
    /** @type {Record<string, unknown>} */ names,
  ) => id !== null && !(id in names);
  return (
    isUnknown(agent_id, people) ||
    isUnknown(skill_id, skills) ||
    isUnknown(line_id, line_names) ||
    isUnknown(closing_reason_id, closing_reasons) ||
    label_ids.some((id) => isUnknown(id, labels))
  );
}
