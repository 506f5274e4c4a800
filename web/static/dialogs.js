// Buttons that open and close dialogs, and show the side panel on a small screen.

function clicked(event) {
  const button = event.target.closest("[data-opens], [data-dismisses], [data-toggles]");
  if (!button) return;
  const { opens, toggles } = button.dataset;
  if (opens) document.getElementById(opens)?.showModal();
  else if (toggles) document.getElementById(toggles)?.classList.toggle("shown");
  else button.closest("dialog").close();
}

export function install() {
  document.addEventListener("click", clicked);
}
