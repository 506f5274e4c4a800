// Working hours: one day's are copied to all weekdays.

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"];

function copy({ target }) {
  const button = target.closest("[data-copies]");
  const from = button && document.getElementById(button.dataset.copies);
  if (!from) return;
  for (const day of WEEKDAYS) {
    const to = document.getElementById(day);
    to.value = from.value;
    to.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function install() {
  document.addEventListener("click", copy);
}
