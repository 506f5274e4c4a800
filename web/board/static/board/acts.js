// What managers do here, besides what they do to conversations.

import { readPatiently, request } from "../island/api.js";
import { sign } from "../island/signing.js";
import { t } from "../island/words.js";

/** @import { Change } from "../island/signing.js" */
/** @import { AgentOut, AgentState, BoardBoot } from "../wire.js" */
/** @import { BoardStore } from "./store.js" */

export class Acts {
  #store;

  /** @param {BoardStore} store */
  constructor(store) {
    this.#store = store;
  }

  /** Read names, marks and rights again. */
  async load() {
    const outcome = await readPatiently("/board/boot");
    if (outcome.state === "done") this.#store.know(/** @type {BoardBoot} */ (outcome.value));
    if (outcome.state === "refused") this.#store.refused.value = outcome.sentence;
  }

  /** Change the reader's signature; what refused it, null for nothing. @param {Change} change */
  sign(change) {
    return sign(this.#store.own, change);
  }

  /** Set the reader's own state; what refused it, null for nothing. @param {AgentState} state @param {string | null} reason */
  async setState(state, reason) {
    const own = this.#store.own.peek();
    const path = `/v1/agents/${own.agent.id}/state`;
    const outcome = await request(path, { method: "PUT", body: { state, reason } });
    if (outcome.state === "refused") return outcome.sentence;
    if (outcome.state === "none") return t("There is no connection. Nothing is lost: try again.");
    const agent = /** @type {AgentOut} */ (outcome.value);
    this.#store.own.value = { ...own, agent };
    return null;
  }

  /**
   * Set the state and the capacity of somebody, as far as they are others than now. Setting them
   * twice is setting them once.
   * @param {AgentOut} agent
   * @param {{ state: AgentState, reason: string | null, capacity: number | null }} wanted
   * @returns {Promise<import("../island/form_dialog.js").Given>}
   */
  async setPerson(agent, { state, reason, capacity }) {
    const path = `/v1/agents/${agent.id}`;
    if (state !== agent.state || reason !== agent.state_reason) {
      const given = settled(
        await request(`${path}/state`, { method: "PUT", body: { state, reason } }),
      );
      if (given.state !== "done") return given;
    }
    if (capacity === agent.capacity) return { state: "done" };
    return settled(await request(`${path}/capacity`, { method: "PUT", body: { capacity } }));
  }
}

/**
 * What came of a request, as a dialog shows it: without an answer it stays open.
 * @param {import("../island/api.js").Outcome<unknown>} outcome
 * @returns {{ state: string, sentence?: string }}
 */
export function settled(outcome) {
  if (outcome.state !== "none") return outcome;
  return {
    state: "refused",
    sentence: t("There is no connection. Nothing is lost: try again."),
  };
}
