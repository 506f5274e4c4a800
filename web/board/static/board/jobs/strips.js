// How far jobs have got: a strip for each, with what can be done about it.

import { h, html, useState } from "../../island/html.js";
import { Button, Failure } from "../../island/parts.js";
import { isolated, n, t } from "../../island/words.js";
import { useBoard } from "../store.js";

/** @import { BulkJobOut, BulkKind } from "../../wire.js" */

/** @type {Record<BulkKind, (n: number) => string>} */
const DOES = {
  transfer: (count) => n("Transferring {n} conversation", "Transferring {n} conversations", count),
  label: (count) => n("Labelling {n} conversation", "Labelling {n} conversations", count),
  priority: (count) =>
    n(
      "Setting the priority of {n} conversation",
      "Setting the priority of {n} conversations",
      count,
    ),
  close: (count) => n("Closing {n} conversation", "Closing {n} conversations", count),
  opt_out: (count) => n("Opting {n} consumer out", "Opting {n} consumers out", count),
};
/** @type {Partial<Record<BulkKind, (n: number) => string>>} */
const UNDOES = {
  transfer: (count) =>
    n(
      "Undoing the transfer of {n} conversation",
      "Undoing the transfer of {n} conversations",
      count,
    ),
  label: (count) =>
    n("Undoing the labels of {n} conversation", "Undoing the labels of {n} conversations", count),
  priority: (count) =>
    n(
      "Undoing the priority of {n} conversation",
      "Undoing the priority of {n} conversations",
      count,
    ),
};
const ENDED = {
  running: "",
  done: t("Done."),
  cancelled: t("Cancelled."),
  stopped: t("Stopped: the person who started it may no longer do this."),
};

export function JobStrips() {
  const { jobs } = useBoard();
  return html`<div class="jobs" role="status">${jobs.shown.value.map((job) => html`<${Strip} key=${job.id} job=${job} />`)}</div>`;
}

/** @param {{ job: BulkJobOut }} props */
function Strip({ job }) {
  const { store } = useBoard();
  const { total, done, refused, status, agent_id: agent } = job;
  const words = ((job.undoes && UNDOES[job.action.kind]) || DOES[job.action.kind])(total);
  const byWhom = agent === store.own.value.agent.id ? "" : store.person(agent);
  return html`<div class="job" id="job-${job.id}">
    <p><strong>${words}</strong>${byWhom && html` <span class="quiet">${t("by {name}", { name: isolated(byWhom) })}</span>`} ${ENDED[status]}</p>
    ${status === "running" && h("progress", /** @type {any} */ ({ max: total, value: done + refused, "aria-label": words }))}
    <p class="quiet">${n("{n} done", "{n} done", done)}${refused > 0 && html`, <span class="bad">${n("{n} refused", "{n} refused", refused)}</span>`}</p>
    <${Acts} job=${job} />
  </div>`;
}

/** @param {{ job: BulkJobOut }} props */
function Acts({ job }) {
  const { store, jobs } = useBoard();
  const [failure, fail] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const doing =
    (/** @type {(job: BulkJobOut) => Promise<{ state: string, sentence?: string }>} */ what) =>
    async () => {
      setBusy(true);
      const given = await what(job);
      setBusy(false);
      fail(given.state === "refused" ? (given.sentence ?? "") : null);
    };
  const see = () => {
    store.dialog.value = { name: "refusals", id: job.id };
  };
  const isRunning = job.status === "running";
  return html`<div class="row">
      ${isRunning && html`<${Button} words=${t("Cancel")} isBusy=${isBusy} onClick=${doing((one) => jobs.cancel(one))} />`}
      ${!isRunning && job.can_be_undone && html`<${Button} words=${t("Undo")} icon="return" isBusy=${isBusy} onClick=${doing((one) => jobs.undo(one))} />`}
      ${job.refused > 0 && html`<${Button} words=${t("See what was refused")} onClick=${see} />`}
      ${!isRunning && html`<${Button} kind="quiet-button" words=${t("Dismiss")} onClick=${() => jobs.dismiss(job.id)} />`}
    </div>
    <${Failure} words=${failure} />`;
}
