// Drafts that the server does not have yet, kept in this browser: nothing typed is lost when a tab
// is closed without a connection. Each tab has its own; those of tabs that are gone are taken over.

import { newKey } from "../../island/api.js";

/** @import { Words } from "./words.js" */

/**
 * `saved`: what the server had, under `revision`. `others`: words of other tabs that are not in the box.
 * @typedef {{ words: Words, saved: Words, revision: number, others: Words[] }} Copy
 */
/** A copy of a draft, by the draft's key. `isOwn`: this tab kept it. @typedef {{ key: string, copy: Copy, isOwn: boolean }} Found */

const TAB = "tab";

export class Kept {
  #prefix;
  #tab;

  /** @param {string} agent @param {string} tab */
  constructor(agent, tab) {
    this.#prefix = `draft/${agent}/`;
    this.#tab = tab;
  }

  /** Open what is kept for a person. @param {string} agent @returns {Promise<Kept>} */
  static async open(agent) {
    const known = sessionStorage.getItem(TAB) ?? newKey();
    // A tab that was duplicated has the other's mark, and gets one of its own.
    const tab = (await isFree(known)) ? known : newKey();
    sessionStorage.setItem(TAB, tab);
    hold(tab);
    return new Kept(agent, tab);
  }

  /** Read the copies of this tab, and then those of tabs that are gone. @returns {Promise<Found[]>} */
  async read() {
    const open = await openTabs();
    /** @type {Found[]} */
    const found = [];
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(this.#prefix)) continue;
      const [tab = "", ...key] = name.slice(this.#prefix.length).split("/");
      const isOwn = tab === this.#tab;
      if (!isOwn && open.has(tab)) continue;
      const copy = JSON.parse(localStorage.getItem(name) ?? "");
      found.push({ key: key.join("/"), copy, isOwn });
      if (!isOwn) localStorage.removeItem(name);
    }
    return found.sort((one, other) => Number(other.isOwn) - Number(one.isOwn));
  }

  /** Keep a copy; null: the server has it. @param {string} key @param {Copy | null} copy */
  write(key, copy) {
    const name = `${this.#prefix}${this.#tab}/${key}`;
    if (!copy) return localStorage.removeItem(name);
    try {
      localStorage.setItem(name, JSON.stringify(copy));
    } catch {
      // The browser has no room: the server will have it.
    }
  }
}

/** @param {string} tab */
const lockOf = (tab) => `switchboard/tab/${tab}`;

/** @param {string} tab @returns {Promise<boolean>} */
async function isFree(tab) {
  if (!navigator.locks) return true;
  return await navigator.locks.request(lockOf(tab), { ifAvailable: true }, (lock) => lock !== null);
}

/** Hold a tab's mark as long as the page is there. @param {string} tab */
function hold(tab) {
  navigator.locks?.request(lockOf(tab), () => new Promise(() => {}));
}

/** The marks of the tabs that are there. */
async function openTabs() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name = "" }) => name.replace(lockOf(""), "")));
}
