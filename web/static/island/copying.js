// Copying words to the clipboard.

/** Copy words; says whether that was possible. @param {string} words */
export async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return byHand(words);
  }
}

/** The way that also works where the page did not come by https. @param {string} words */
function byHand(words) {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = words;
  box.className = "hidden";
  document.body.append(box);
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return isDone;
}
