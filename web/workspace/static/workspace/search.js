// What the search field offers on this page.

import { html } from "../island/html.js";
import { SearchBar } from "../island/search/bar.js";
import { answers } from "../island/search/folding.js";
import { t } from "../island/words.js";
import { hasNumber, ofView, plain, readQuery, written } from "./query.js";
import { go } from "./route.js";
import { useWorkspace } from "./store.js";

/** @import { Offer } from "../island/search/options.js" */
/** @import { Row } from "../wire.js" */
/** @import { Workspace } from "./workspace.js" */

const [NEAR, DIGITS] = [5, 3];

export function Search() {
  return html`<${SearchBar} offer=${offerOf(useWorkspace())} />`;
}

/** @param {Workspace} workspace @returns {Offer} */
function offerOf({ store, loading }) {
  const { supervises, administers, people } = store.boot.value;
  const rows = store.rows.value;
  return {
    ...{ supervises, administers, people, lists: listsOf(store) },
    recent: store.recent.value.flatMap((id) => rows.get(id) ?? []),
    near: (typed) => [...rows.values()].filter((row) => isNear(row, typed)).slice(0, NEAR),
    open: (conversation, at) => {
      go({ conversation });
      if (at) loading.jump(conversation, new Date(at));
    },
    list: (search) =>
      go({ query: readQuery(new URLSearchParams(search)), conversation: store.selected.peek() }),
  };
}

/** @param {Row} row @param {string} typed */
function isNear({ consumer, last_text: text }, typed) {
  const isNumber = !/\p{L}/u.test(typed) && typed.replace(/\D/g, "").length >= DIGITS;
  return (isNumber && hasNumber(consumer.number, typed)) || answers(typed, consumer.name, text);
}

/** @param {import("./store.js").Store} store */
const listsOf = (store) => [
  { name: t("My conversations"), search: written(plain("mine")) },
  { name: t("Waiting conversations"), search: written(plain("waiting")) },
  { name: t("Unread conversations"), search: written({ ...plain("all"), unread: true }) },
  { name: t("Overdue conversations"), search: written({ ...plain("all"), overdue: true }) },
  { name: t("Snoozed conversations"), search: written(plain("snoozed")) },
  { name: t("Conversations done by me"), search: written(plain("done")) },
  { name: t("Conversations that mention me"), search: written(plain("mentions")) },
  { name: t("All conversations"), search: written(plain("all")) },
  ...store.views.value.map((view) => ({ name: view.name, search: written(ofView(view)) })),
];
