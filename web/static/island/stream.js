// The live stream of a page: one EventSource, with a watchdog. "Live" is true only while the last
// beat of the server is younger than 15 s.

import { request } from "./api.js";
import { signal } from "./html.js";

/** @import { Signal } from "./html.js" */

const SILENT_MS = 15_000;
const LOOK_MS = 1000;
const PAUSES_MS = [500, 1000, 2000, 5000];

/**
 * Follows an address, which gets `after=` the last event seen. `state`: "wait" at first, "on" while
 * it is alive, "off" while it is not.
 * @template {Record<string, any>} Messages
 */
export class Stream {
  /** @type {Signal<"wait" | "on" | "off">} */
  state = signal("wait");
  /** How often it became live: what is no event may have been missed before. */
  begun = signal(0);
  /** @type {EventSource | null} */
  #source = null;
  #address = "";
  #position = 0;
  #heard = performance.now();
  #failures = 0;
  /** @type {number | undefined} */
  #again;
  #handlers;

  /** @param {{ [Name in keyof Messages]: (message: Messages[Name]) => void }} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
    setInterval(() => this.#look(), LOOK_MS);
    window.addEventListener("online", () => this.#open());
    window.addEventListener("offline", () => this.#lost());
  }

  /** The id of the last event that was seen. */
  get position() {
    return this.#position;
  }

  /** Follow an address after a position; what was followed before is not followed any more.
   * @param {string} address
   * @param {number} [position]
   */
  follow(address, position = this.#position) {
    this.#address = address;
    this.#position = position;
    this.#open();
  }

  /** Try at once, such as after a new log-in. */
  again() {
    this.#open();
  }

  #open() {
    if (!this.#address) return;
    clearTimeout(this.#again);
    this.#source?.close();
    const joint = this.#address.includes("?") ? "&" : "?";
    const source = new EventSource(`${this.#address}${joint}after=${this.#position}`);
    this.#source = source;
    this.#heard = performance.now();
    for (const name of Object.keys(this.#handlers)) {
      source.addEventListener(name, (event) => this.#take(name, event, source));
    }
    source.addEventListener("error", () => this.#failed(source));
  }

  /** @param {keyof Messages} name @param {MessageEvent<string>} event @param {EventSource} source */
  #take(name, event, source) {
    if (source !== this.#source) return;
    this.#heard = performance.now();
    this.#failures = 0;
    const message = JSON.parse(event.data);
    this.#handlers[name](message);
    // After it was applied: should that fail, it is asked for again.
    if (event.lastEventId) this.#position = Number(event.lastEventId);
    if (this.state.peek() !== "on") this.state.value = "on";
    // The server has caught up with what was missed, also if the page was too slow for a while.
    if (message.is_live === true) this.begun.value += 1;
  }

  /** @param {EventSource} source */
  #failed(source) {
    if (source !== this.#source) return;
    source.close();
    // Our server ends a stream now and then: only what does not come back is a failure.
    if (this.#failures > 0) this.#lost();
    this.#later();
  }

  #lost() {
    this.state.value = "off";
  }

  #later() {
    const pause = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)];
    this.#failures += 1;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#open(), pause);
    // A stream does not tell why it failed; another request does, such as that the log-in ended.
    if (this.#failures === 2) request("/v1/me");
  }

  #look() {
    if (!this.#address || performance.now() - this.#heard < SILENT_MS) return;
    this.#lost();
    this.#heard = performance.now();
    this.#later();
  }
}
