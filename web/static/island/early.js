// Before anything is shown: the reader's scheme, density and text size, so that nothing jumps.

(() => {
  const wanted = JSON.parse(localStorage.getItem("preferences") ?? "{}");
  const root = document.documentElement;
  for (const name of ["scheme", "density", "size"])
    if (wanted[name]) root.dataset[name] = wanted[name];
})();
