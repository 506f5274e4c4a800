// The dialog that is open. A new dialog is one line of DIALOGS, and is opened by its name.

import { html } from "../../island/html.js";
import { useBoard } from "../store.js";
import { Close, OptOut } from "./ending.js";
import { Label } from "./label.js";
import { SetPerson } from "./person.js";
import { SetPriority } from "./priority.js";
import { Refusals } from "./refusals.js";
import { Transfer } from "./transfer.js";

/** `id`: what it is about, empty for those that are chosen. @typedef {{ id: string, onClose: () => void }} DialogProps */

/** @type {Record<string, import("preact").ComponentType<DialogProps>>} */
const DIALOGS = {
  person: SetPerson,
  transfer: Transfer,
  label: Label,
  priority: SetPriority,
  close: Close,
  opt_out: OptOut,
  refusals: Refusals,
};

export function OpenDialog() {
  const { store } = useBoard();
  const open = store.dialog.value;
  const Named = open && DIALOGS[open.name];
  if (!Named) return null;
  const close = () => {
    store.dialog.value = null;
  };
  return html`<${Named} id=${"id" in open ? open.id : ""} onClose=${close} />`;
}
