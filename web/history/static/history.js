// All conversations: the rows by keyboard, the conversation beside them, filters that fold.

import * as failures from "./failures.js";
import * as keyboard from "./keyboard.js";

for (const part of [failures, keyboard]) part.install();

const NARROW = window.matchMedia("(width < 52rem)");
const beside = document.getElementById("beside");
const rows = () => [...document.querySelectorAll("a.opens")];
const isTyping = (target) => target.closest("input, select, textarea, dialog, details.menu[open]") !== null;

/** Move the focus to the next row, or to the opened one at first. */
function move(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const opened = all.findIndex((row) => row.closest("[aria-current]"));
  const next = at < 0 ? Math.max(opened, 0) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next]?.focus();
}

/** Close what is beside the list, and go back to its row. */
function close() {
  const link = beside.querySelector("[data-close]");
  if (!link) return false;
  history.pushState(null, "", link.href);
  beside.replaceChildren();
  const row = document.querySelector("tr[aria-current]");
  row?.removeAttribute("aria-current");
  row?.querySelector("a.opens").focus();
  return true;
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && (!isTyping(event.target) || beside.contains(event.target))) {
    if (close()) event.preventDefault();
    return;
  }
  if (isTyping(event.target) || event.target.closest(".log")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !rows().length) return;
  event.preventDefault();
  move(step);
}

function clicked(event) {
  const closing = event.target.closest("[data-close]");
  if (closing && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    close();
    return;
  }
  const row = event.target.closest("tr.hit, tr.in-context");
  if (!row || event.target.closest("a, button") || document.getSelection()?.toString()) return;
  const hit = row.matches(".hit") ? row : row.previousElementSibling;
  hit.querySelector("a.opens").click();
}

/** Show the first place of the words, or else the end of the transcript. */
function place() {
  const log = beside.querySelector(".log");
  if (!log) return;
  const found = log.querySelector("mark")?.closest("li");
  const top = found ? found.offsetTop - log.offsetTop - 12 : log.scrollHeight;
  log.scrollTop = Math.max(top, 0);
  if (NARROW.matches) beside.scrollIntoView();
}

/** Say in the list which one is beside it. */
function swapped(event) {
  if (event.detail.ctx?.target !== beside) return;
  for (const row of document.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  event.detail.ctx.sourceElement?.closest?.("tr")?.setAttribute("aria-current", "true");
  document.getElementById("told").textContent = beside.querySelector("h2")?.textContent ?? "";
  place();
}

/** On a narrow page the list comes first, unless a filter is wrong. */
function fold() {
  for (const each of document.querySelectorAll("[data-folds]")) {
    each.open = !NARROW.matches || "wrong" in each.dataset;
  }
}

/** Leave what is empty or usual out of the address. A view stands there with the columns: alone, it
 * would ask for all that it keeps. */
function shortened(event) {
  if (event.target.id !== "find") return;
  const columns = [...document.querySelectorAll('[name="column"]')];
  const isOfView = [...event.target.elements].some((field) => field.name === "view" && field.value);
  if (!isOfView && columns.every((one) => one.checked === "usual" in one.dataset)) {
    for (const one of columns) one.disabled = true;
  }
  for (const field of event.target.elements) {
    if (field.name && !field.value) field.disabled = true;
  }
  setTimeout(() => restored(event.target));
}

function restored(form) {
  for (const field of form.elements) field.disabled = false;
}

document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("submit", shortened);
document.addEventListener("htmx:after:swap", swapped);
window.addEventListener("popstate", () => location.reload());
NARROW.addEventListener("change", fold);
fold();
place();
