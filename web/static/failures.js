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

const fieldOf = (form, sentence) =>
  [...form.querySelectorAll("label[for]")]
    .filter((label) => sentence.startsWith(`${label.firstChild?.textContent.trim()}: `))
    .map((label) => document.getElementById(label.htmlFor))
    .findLast((field) => field && form.contains(field));

// A sentence that begins with a label is shown beside its field, too, which may be far above.
function beside(event) {
  const { sourceElement, target } = event.detail.ctx ?? {};
  const form = target?.matches?.(".form-error") && sourceElement?.closest("form");
  const sentence = form && target.textContent.trim();
  const field = form && sentence && fieldOf(form, sentence);
  if (!field) return;
  forget(form);
  const told = Object.assign(document.createElement("p"), { className: "failure beside" });
  told.id = `${field.id}-failure`;
  told.textContent = sentence;
  field.after(told);
  field.setAttribute("aria-invalid", "true");
  field.dataset.described = field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${told.id} ${field.dataset.described}`.trim());
  for (let at = field.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  field.focus();
}

function forget(form) {
  for (const told of form?.querySelectorAll(".failure.beside") ?? []) told.remove();
  for (const field of form?.querySelectorAll("[data-described]") ?? []) {
    field.removeAttribute("aria-invalid");
    if (field.dataset.described) field.setAttribute("aria-describedby", field.dataset.described);
    else field.removeAttribute("aria-describedby");
    delete field.dataset.described;
  }
}

export function install() {
  document.addEventListener("htmx:after:swap", beside);
  document.addEventListener("input", ({ target }) => forget(target.form));
  document.addEventListener("submit", ({ target }) => forget(target));
  document.addEventListener("htmx:before:swap", foreign);
  document.addEventListener("htmx:error", failed);
}
