// What a form says when its request failed, or when something else than our server answered.

import { isOurs } from "./answers.js";
import { t } from "./island/words.js";

const UNREACHED = t("There is no connection. Nothing is lost: try again.");

/** Show a sentence where a form says what is wrong. */
export function say(form, sentence) {
  const element = form?.querySelector(".form-error");
  if (!element) return;
  const paragraph = document.createElement("p");
  paragraph.textContent = sentence;
  element.replaceChildren(paragraph);
}

function failed(event) {
  const { ctx } = event.detail;
  if (ctx?.response) return;
  say(ctx?.sourceElement?.closest?.("form"), UNREACHED);
}

// An answer that is no page of ours (a fault, a proxy's own error) is not shown as a page.
function foreign(event) {
  const { ctx } = event.detail;
  const answer = ctx.response?.raw;
  const type = answer?.headers.get("Content-Type") ?? "text/html";
  if (type.includes("event-stream")) return;
  if (type.includes("html") && (!answer || isOurs(answer))) return;
  event.preventDefault();
  say(ctx.sourceElement?.closest?.("form"), t("Something went wrong. Try again."));
}

const labelled = (form, sentence) =>
  [...form.querySelectorAll("label[for]")]
    .filter((label) => sentence.startsWith(`${label.firstChild?.textContent.trim()}: `))
    .map((label) => document.getElementById(label.htmlFor))
    .findLast((field) => field && form.contains(field));

// By its name; a sentence that names none begins with the label.
function fieldOf(form, problem) {
  const found = problem.dataset.field && form.elements.namedItem(problem.dataset.field);
  const field = found instanceof RadioNodeList ? found[0] : found;
  const isSeen = field && field.type !== "hidden" && field.type !== "fieldset";
  return isSeen ? field : labelled(form, problem.textContent.trim());
}

// What is wrong stands beside its field, which may be far above. The first one gets the focus.
function beside(event) {
  const { sourceElement, target } = event.detail.ctx ?? {};
  const form = target?.matches?.(".form-error:not(#refused)") && sourceElement?.closest("form");
  if (!form) return;
  const placed = [...target.querySelectorAll(":scope > p")]
    .map((problem) => ({ problem, field: fieldOf(form, problem) }))
    .filter(({ field }) => field);
  if (!placed.length) return;
  forget(form);
  for (const each of placed) place(each);
  if (!target.childElementCount) target.replaceChildren();
  first(placed).focus();
}

const first = (placed) =>
  placed.map(({ field }) => field).reduce((one, other) => (isBefore(other, one) ? other : one));

const isBefore = (one, other) =>
  (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

function place({ problem, field }) {
  problem.className = "failure beside";
  problem.id = `${field.id || field.name}-failure`;
  problem.setAttribute("role", "alert");
  problem.textContent = problem.dataset.beside ?? problem.textContent.trim();
  (field.type === "radio" || field.type === "checkbox" ? field.closest("label") ?? field : field).after(problem);
  field.setAttribute("aria-invalid", "true");
  field.dataset.described ??= field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${problem.id} ${field.dataset.described}`.trim());
  for (let at = field.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
}

function forget(form) {
  for (const field of form?.querySelectorAll("[data-described]") ?? []) forgive(field);
}

// What is being corrected is no longer called wrong; the others still are.
function forgive(field) {
  if (field.dataset.described === undefined) return;
  document.getElementById(`${field.id || field.name}-failure`)?.remove();
  field.removeAttribute("aria-invalid");
  if (field.dataset.described) field.setAttribute("aria-describedby", field.dataset.described);
  else field.removeAttribute("aria-describedby");
  delete field.dataset.described;
}

export function install() {
  document.addEventListener("htmx:after:swap", beside);
  document.addEventListener("input", ({ target }) => forgive(target));
  document.addEventListener("submit", ({ target }) => forget(target));
  document.addEventListener("htmx:before:swap", foreign);
  document.addEventListener("htmx:error", failed);
}
