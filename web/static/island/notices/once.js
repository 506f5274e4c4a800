// Of all pages that the reader has open in this browser, one does something: the first that can.

const KEPT = "notices/done";
const MOST = 30;
const HELD_MS = 2000;

/**
 * Do something once for a name, in whichever page comes first.
 * @param {string} name
 * @param {() => void} act
 */
export async function once(name, act) {
  // Without encryption browsers have no locks: the list alone must do.
  if (!navigator.locks) {
    if (isFirst(name)) act();
    return;
  }
  await navigator.locks.request(`notices/${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock || !isFirst(name)) return;
    act();
    await new Promise((resolve) => setTimeout(resolve, HELD_MS));
  });
}

/** @param {string} name */
function isFirst(name) {
  const done = /** @type {string[]} */ (JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
  if (done.includes(name)) return false;
  localStorage.setItem(KEPT, JSON.stringify([...done, name].slice(-MOST)));
  return true;
}
