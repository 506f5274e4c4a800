// What the search field offers on the board: conversations, lists, people, pages and actions, most of
// which the workspace shows.

import { html } from "../island/html.js";
import { SearchBar } from "../island/search/bar.js";
import { t } from "../island/words.js";
import { useBoard } from "./store.js";

/** @import { Offer } from "../island/search/options.js" */

export function Search() {
  const { supervises, administers, people } = useBoard().store.boot.value;
  /** @type {Offer} */
  const offer = {
    ...{ supervises, administers, people, lists: listsOf(), recent: [] },
    near: () => [],
    open: (conversation) => location.assign(`/workspace/${conversation}?view=all`),
    list: (search) => location.assign(`/workspace?${search}`),
  };
  return html`<${SearchBar} offer=${offer} />`;
}

const listsOf = () => [
  { name: t("Waiting conversations"), search: "view=waiting" },
  { name: t("Overdue conversations"), search: "view=all&overdue=true" },
  { name: t("All conversations"), search: "view=all" },
];
