// Ctrl+Enter sends; j and k move through the list; Escape closes menus.

const isWriting = (element) => element.matches("input, textarea, select, [contenteditable]");

function move(step) {
  const entries = [...document.querySelectorAll(".entry")];
  const here = entries.findIndex((entry) => entry === document.activeElement);
  const from = here < 0 ? entries.findIndex((entry) => entry.ariaCurrent === "true") : here;
  const next = from < 0 ? 0 : from + step;
  entries[Math.max(0, Math.min(next, entries.length - 1))]?.focus();
}

function pressed(event) {
  const { key, target } = event;
  // The key belongs to an input method that composes a letter.
  if (event.isComposing) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.form) {
    event.preventDefault();
    // A key that is held down counts once.
    if (!event.repeat) target.form.requestSubmit();
    return;
  }
  if (key === "Escape") closeMenus();
  if (isWriting(target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (key === "j") move(1);
  if (key === "k") move(-1);
}

function closeMenus(but = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== but) menu.open = false;
  }
}

export function install() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
}
