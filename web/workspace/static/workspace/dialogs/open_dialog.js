// The dialog that is open. A new dialog is one line of DIALOGS, and is opened by its name:
// `store.dialog.value = { name, conversation }`.

import { html } from "../../island/html.js";
import { useWorkspace } from "../store.js";
import { Begin } from "./begin.js";
import { Block, Unblock } from "./block.js";
import { Close } from "./close.js";
import { OptOut, Return } from "./confirm.js";
import { ChooseLabels } from "./labels.js";
import { DateJump } from "./date.js";
import { KeepView } from "./keep_view.js";
import { LanguageChoice } from "./language.js";
import { Merge } from "./merge.js";
import { GiveReason } from "./reason.js";
import { ChoosePriority } from "./priority.js";
import { Response } from "./response.js";
import { Resume } from "./resume.js";
import { SnoozeFor } from "./snooze.js";
import { TakeOver } from "./take_over.js";
import { Transfer } from "./transfer.js";
import { Views } from "./views.js";
import { Why } from "./why.js";

/** @typedef {{ id: string, onClose: () => void }} DialogProps */

/** @type {Record<string, import("preact").ComponentType<DialogProps>>} */
const DIALOGS = {
  begin: Begin,
  block: Block,
  close: Close,
  labels: ChooseLabels,
  reason: GiveReason,
  snooze: SnoozeFor,
  date: DateJump,
  "keep-view": KeepView,
  language: LanguageChoice,
  merge: Merge,
  "opt-out": OptOut,
  priority: ChoosePriority,
  response: Response,
  resume: Resume,
  return: Return,
  "take-over": TakeOver,
  transfer: Transfer,
  unblock: Unblock,
  views: Views,
  why: Why,
};

export function OpenDialog() {
  const { store } = useWorkspace();
  const open = store.dialog.value;
  const Named = open && DIALOGS[open.name];
  if (!Named) return null;
  const close = () => store.closeDialog();
  return html`<${Named} key=${`${open.name}-${open.conversation}`} id=${open.conversation} onClose=${close} />`;
}
