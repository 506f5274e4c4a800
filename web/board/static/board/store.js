// The board's state: what the stream brought last. An older part never replaces a newer one, unless
// the whole board comes.

import { batch, computed, createContext, signal, useContext } from "../island/html.js";
import { Clock } from "../island/times.js";

/** @import { AgentAtWork, BoardBoot, BoardMessage, Own, QueueOut } from "../wire.js" */
/** @import { Signal } from "../island/html.js" */
/** @import { Board } from "./board.js" */

/** What can be asked for in a dialog, and whom it is about.
 * @typedef {{ name: "person", id: string } | { name: "transfer" | "label" | "priority" | "close" | "opt_out" } | { name: "refusals", id: string }} Asked
 */

export class BoardStore {
  clock = new Clock();
  /** @type {Signal<BoardBoot>} */
  boot;
  /** @type {Signal<Own>} */
  own;
  agents = signal(/** @type {Map<string, AgentAtWork>} */ (new Map()));
  queues = signal(/** @type {Map<string, QueueOut>} */ (new Map()));
  alerts = signal(/** @type {NonNullable<BoardMessage["alerts"]>} */ ([]));
  paused = signal(/** @type {NonNullable<BoardMessage["paused_connectors"]>} */ ([]));
  bots = signal(/** @type {NonNullable<BoardMessage["bots"]>} */ ([]));
  today = signal(/** @type {BoardMessage["today"]} */ (null));
  present = signal(/** @type {BoardMessage["present"]} */ (null));
  isLoggedOut = signal(false);
  /** The sentence that says why the reader has no board any more. */
  refused = signal(/** @type {string | null} */ (null));
  dialog = signal(/** @type {Asked | null} */ (null));
  /** How often the board has changed: what is shown beside it is read again. */
  changes = signal(0);
  /** By the names of parts: the version they are of. @type {Map<string, number>} */
  #asOf = new Map();

  /** Figures of this moment. */
  glance = computed(() => {
    const [queues, agents] = [[...this.queues.value.values()], [...this.agents.value.values()]];
    const sum = (/** @type {number[]} */ numbers) => numbers.reduce((one, other) => one + other, 0);
    return {
      waiting: sum(queues.map((one) => one.waiting)),
      held: sum(agents.map((one) => one.agent.load)),
      online: agents.filter((one) => one.agent.state === "online").length,
    };
  });

  /** @param {BoardBoot} boot */
  constructor(boot) {
    this.boot = signal(boot);
    this.own = signal(boot.own);
    this.clock.set(boot.now);
    this.put(boot.board);
    // The stream counts from its own beginning.
    this.#asOf.clear();
  }

  /** Know names, marks and rights as they are now; the board itself comes with the stream. @param {BoardBoot} boot */
  know(boot) {
    batch(() => {
      this.boot.value = boot;
      this.own.value = boot.own;
    });
  }

  /** Take what is new on the board. @param {BoardMessage} news */
  put(news) {
    if (news.is_whole) this.#asOf.clear();
    const { as_of: asOf, is_whole: isWhole } = news;
    batch(() => {
      const agents = news.agents.map(
        (one) => /** @type {[string, AgentAtWork]} */ ([one.agent.id, one]),
      );
      const queues = news.queues.map(
        (one) => /** @type {[string, QueueOut]} */ ([one.skill_id, one]),
      );
      this.#merge(this.agents, "agent", agents, news.gone_agents, { asOf, isWhole });
      this.#merge(this.queues, "queue", queues, news.gone_queues, { asOf, isWhole });
      if (this.#isNew("alerts", news.alerts, asOf)) this.alerts.value = news.alerts ?? [];
      if (this.#isNew("paused", news.paused_connectors, asOf))
        this.paused.value = news.paused_connectors ?? [];
      if (this.#isNew("bots", news.bots, asOf)) this.bots.value = news.bots ?? [];
      if (this.#isNew("today", news.today, asOf)) this.today.value = news.today;
      if (this.#isNew("present", news.present, asOf)) this.present.value = news.present;
      this.changes.value = this.changes.peek() + 1;
    });
  }

  /** What a person is called, also one who has left. @param {string} id */
  person(id) {
    return this.agents.value.get(id)?.agent.name ?? this.boot.value.people[id] ?? id;
  }

  /** What a skill is called. @param {string} id */
  skill(id) {
    return this.queues.value.get(id)?.name ?? this.boot.value.skills[id] ?? id;
  }

  /**
   * @template T
   * @param {Signal<Map<string, T>>} into @param {string} kind @param {[string, T][]} changed
   * @param {string[]} gone @param {{ asOf: number, isWhole: boolean }} news
   */
  #merge(into, kind, changed, gone, { asOf, isWhole }) {
    if (!isWhole && !changed.length && !gone.length) return;
    const merged = new Map(isWhole ? [] : into.peek());
    for (const [id, one] of changed)
      if (this.#isNew(`${kind} ${id}`, one, asOf)) merged.set(id, one);
    for (const id of gone) if (this.#isNew(`${kind} ${id}`, id, asOf)) merged.delete(id);
    into.value = merged;
  }

  /** @param {string} name @param {unknown} part @param {number} asOf */
  #isNew(name, part, asOf) {
    if (part === null || (this.#asOf.get(name) ?? -1) > asOf) return false;
    this.#asOf.set(name, asOf);
    return true;
  }
}

const Context = createContext(/** @type {Board | null} */ (null));

export const BoardProvider = Context.Provider;

/** @returns {Board} */
export function useBoard() {
  const board = useContext(Context);
  if (!board) throw new Error("This component stands outside the board.");
  return board;
}
