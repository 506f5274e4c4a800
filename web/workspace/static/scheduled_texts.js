// Scheduling a text: the fields behind the button, and their time as an instant.

import { zone } from "./times.js";

const HOUR = 3_600_000;
const two = (number) => String(number).padStart(2, "0");

/** A time as the value of a datetime field: local, without a zone. */
function written(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const CHOICES = {
  hour: (now) => new Date(now.getTime() + HOUR),
  tomorrow: (now) => morning(now, 1),
  // Monday: the first day of next week.
  monday: (now) => morning(now, ((8 - now.getDay()) % 7) || 7),
};

function morning(now, days) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
}

// As if typed: this updates the instant, and the form becomes a new request.
const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

function toggle(panel, isOpen) {
  panel.disabled = !isOpen;
  panel.hidden = !isOpen;
  show(panel);
  changed(panel.querySelector("[name=local]"));
  if (isOpen) panel.querySelector("[name=local]").focus();
  else panel.form.querySelector("textarea").focus();
}

function show(panel) {
  const button = panel.form.querySelector(`[aria-controls="${panel.id}"]`);
  button?.setAttribute("aria-expanded", String(!panel.disabled));
  panel.querySelector("[data-zone]").textContent = zone;
  panel.querySelector("[name=local]").min = written(new Date());
  // On a Sunday, Monday is tomorrow.
  panel.querySelector("[data-choice=monday]").hidden = new Date().getDay() === 0;
}

/** Fill in the instant: the server does not know the browser's time zone. */
function settle(panel) {
  const local = panel.querySelector("[name=local]").value;
  const at = local ? new Date(local) : null;
  panel.querySelector("[name=at]").value = at && !Number.isNaN(+at) ? at.toISOString() : "";
}

function clicked(event) {
  const button = event.target.closest("[data-later], [data-choice]");
  if (!button) return;
  const panel = button.form.querySelector(".later");
  if ("later" in button.dataset) {
    toggle(panel, panel.disabled);
    return;
  }
  const field = panel.querySelector("[name=local]");
  field.value = written(CHOICES[button.dataset.choice](new Date()));
  changed(field);
}

/** Close the fields once the text is sent. */
export function close(form) {
  const panel = form.querySelector(".later");
  if (panel && !panel.disabled) toggle(panel, false);
}

export function look() {
  document.querySelectorAll(".later").forEach(show);
}

export function install() {
  document.addEventListener("click", clicked);
  document.addEventListener("input", (event) => {
    if (event.target.name === "local") settle(event.target.closest(".later"));
  });
}
