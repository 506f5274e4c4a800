// Whoever logged out leaves no drafts behind for the next one at this desk.

if (document.querySelector("[data-forget]")) sessionStorage.clear();
