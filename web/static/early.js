// What is pressed before the page's scripts have loaded waits for them. Otherwise the browser would
// submit the form itself, which loads the page again and drops what was chosen.

(() => {
  const pressed = [];

  function wait(event) {
    const again = repetition(event);
    if (!again) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed.push(again);
  }

  function repetition({ type, target, submitter }) {
    if (type === "submit") return target.matches("[hx-post]") && (() => target.requestSubmit(submitter));
    const button = target.closest?.("button[type=button]");
    return button && (() => button.click());
  }

  function go() {
    document.removeEventListener("submit", wait, true);
    document.removeEventListener("click", wait, true);
    for (const again of pressed.splice(0)) again();
  }

  document.addEventListener("submit", wait, true);
  document.addEventListener("click", wait, true);
  document.addEventListener("htmx:after:process", go, { once: true });
  // Without htmx the browser does what it can.
  window.addEventListener("load", () => window.htmx || go());
})();
