// Ctrl+Enter sends; Escape closes menus.

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
