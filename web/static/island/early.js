// Before anything is shown: the reader's scheme, density and text size, so that nothing jumps.

// The server writes times in this browser's zone, too.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
// biome-ignore lint/suspicious/noDocumentCookie: no promise may delay the page
document.cookie = `switchboard_zone=${here}; path=/; max-age=31536000; samesite=lax`;

(() => {
  const wanted = JSON.parse(localStorage.getItem("preferences") ?? "{}");
  const root = document.documentElement;
  for (const name of ["scheme", "density", "size"])
    if (wanted[name]) root.dataset[name] = wanted[name];
})();
