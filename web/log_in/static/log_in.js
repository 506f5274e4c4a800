// Logging out leaves no drafts behind for the next person at this computer.

if (document.querySelector("[data-forget]")) sessionStorage.clear();
