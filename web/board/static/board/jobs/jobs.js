// What is being done to many conversations: given once, followed until it is over.

import { newKey, readPatiently, request } from "../../island/api.js";
import { computed, signal } from "../../island/html.js";
import { settled } from "../acts.js";

/** @import { BulkAction, BulkJobOut } from "../../wire.js" */

const LOOK_MS = 1000;
const SHOWN_MS = 600_000;
const AT_ONCE = 20;

export class Jobs {
  /** By their ids. */
  #known = signal(/** @type {Map<string, BulkJobOut>} */ (new Map()));
  /** Those that the page shows, the newest first. */
  shown = computed(() =>
    [...this.#known.value.values()].sort(
      (one, other) => Date.parse(other.created_at) - Date.parse(one.created_at),
    ),
  );
  #reader;
  #onMoved;
  /** @type {number | undefined} */
  #looking;

  /** `onMoved`: hears that more was done. @param {string} reader @param {() => void} onMoved */
  constructor(reader, onMoved) {
    this.#reader = reader;
    this.#onMoved = onMoved;
  }

  /** Read what goes on, and what the reader has given lately. */
  async load() {
    const outcome = await readPatiently(`/v1/bulk-jobs?limit=${AT_ONCE}`);
    if (outcome.state !== "done") return;
    const { items } = /** @type {{ items: BulkJobOut[] }} */ (outcome.value);
    this.#put(items.filter((job) => job.status === "running" || this.#canBeUndone(job)));
  }

  /**
   * Do something to a selection. `key`: of this request, under which it is given once.
   * @param {Partial<BulkAction>} action @param {object} selection @param {string} key
   */
  async give(action, selection, key) {
    const body = { action, ...selection };
    return this.#given(await request("/v1/bulk-jobs", { method: "POST", body, key }));
  }

  /** Take back what a job did. @param {BulkJobOut} job @param {string} [key] */
  async undo({ id }, key = newKey()) {
    return this.#given(await request(`/v1/bulk-jobs/${id}/undo`, { method: "POST", key }), id);
  }

  /** Do no more of a job. @param {BulkJobOut} job */
  async cancel({ id }) {
    return this.#given(await request(`/v1/bulk-jobs/${id}/cancel`, { method: "POST" }));
  }

  /** Show a job no more. @param {string} id */
  dismiss(id) {
    const known = new Map(this.#known.peek());
    known.delete(id);
    this.#known.value = known;
  }

  /** Say whether the reader gave it lately, and can still take it back. @param {BulkJobOut} job */
  #canBeUndone({ agent_id: agent, ended_at: ended, can_be_undone: canBe }) {
    const isLate = ended !== null && Date.now() - Date.parse(ended) < SHOWN_MS;
    return agent === this.#reader && isLate && canBe;
  }

  /** @param {import("../../island/api.js").Outcome<unknown>} outcome @param {string} [instead] */
  #given(outcome, instead) {
    if (outcome.state === "done") {
      if (instead) this.dismiss(instead);
      this.#put([/** @type {BulkJobOut} */ (outcome.value)]);
    }
    return settled(outcome);
  }

  /** @param {BulkJobOut[]} jobs */
  #put(jobs) {
    const known = new Map(this.#known.peek());
    for (const job of jobs) known.set(job.id, job);
    this.#known.value = known;
    clearTimeout(this.#looking);
    if ([...known.values()].some((job) => job.status === "running"))
      this.#looking = setTimeout(() => this.#look(), LOOK_MS);
  }

  async #look() {
    const running = [...this.#known.peek().values()].filter((job) => job.status === "running");
    const outcomes = await Promise.all(running.map((job) => request(`/v1/bulk-jobs/${job.id}`)));
    const now = outcomes.flatMap((one) =>
      one.state === "done" ? [/** @type {BulkJobOut} */ (one.value)] : [],
    );
    const known = this.#known.peek();
    const isMoved = now.some((job) => known.get(job.id)?.waiting !== job.waiting);
    // Without an answer they are asked for again.
    this.#put(now.filter((job) => known.has(job.id)));
    if (isMoved) this.#onMoved();
  }
}
