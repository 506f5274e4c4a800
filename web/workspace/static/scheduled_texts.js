// Texts to be sent later: the fields that come with the button, and their time as an instant.

import { zone } from "./times.js";

const HOUR = 3_600_000;
const two = (number) => String(number).padStart(2, "0");

/** A time as a field for date and time has it: without a zone, the browser's own. */
function written(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const CHOICES = {
  hour: (now) => new Date(now.getTime() + HOUR),
  tomorrow: (now) => morning(now, 1),
  // Monday is the first day of the week that begins next.
  monday: (now) => morning(now, ((8 - now.getDay()) % 7) || 7),
};

function morning(now, days) {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
}

// As if written by hand: the instant follows, and the form asks for something else now.
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
  // On a Sunday it is tomorrow already.
  panel.querySelector("[data-choice=monday]").hidden = new Date().getDay() === 0;
}

/** Say the instant that the fields mean here: the server knows no browser's zone. */
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

/** Close what was filled in once it is sent. */
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
