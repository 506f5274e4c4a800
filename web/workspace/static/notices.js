// Notices of ratings: each stays until it has been read or dismissed.

const SHOWN_MS = 20_000;
const MOST = 3;

const isLookedAt = (notice) => notice.matches(":hover, :focus-within");

function leave(notice) {
  if (isLookedAt(notice)) setTimeout(leave, SHOWN_MS / 4, notice);
  else notice.remove();
}

export function look() {
  const notices = [...document.querySelectorAll("#notices > *")];
  for (const notice of notices.slice(0, -MOST)) notice.remove();
  for (const notice of notices.filter((each) => !each.dataset.seen)) {
    notice.dataset.seen = "yes";
    setTimeout(leave, SHOWN_MS, notice);
  }
}

export function install() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-takes-away]")?.parentElement.remove();
  });
}
