// Notifications of the desktop while a page is open, and pushes while none is.

import { request } from "../api.js";
import { signal } from "../html.js";

/** @import { NoticeOut } from "../../wire.js" */

const [ICON, WORKER] = ["/static/icons/icon-192.png", "/service-worker.js"];

/** Whether this browser can show notifications, and may: "none", "default", "granted", "denied". */
export const permission = signal("Notification" in window ? Notification.permission : "none");

/** Whether this browser gets pushes; null: it cannot, or it is not known yet. */
export const isPushed = signal(/** @type {boolean | null} */ (null));

/** Ask the reader: browsers want a click before. */
export async function ask() {
  if (!("Notification" in window)) return;
  permission.value = await Notification.requestPermission();
}

/** Show a notice, unless the reader looks at the page. @param {NoticeOut} notice @param {() => void} onClick */
export function show(notice, onClick) {
  if (permission.peek() !== "granted" || document.hasFocus()) return;
  try {
    const tag = `notice/${notice.id}`;
    const shown = new Notification(notice.title, { body: notice.body ?? "", tag, icon: ICON });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      onClick();
    });
  } catch {
    // Phones show notifications by their service worker only.
    navigator.serviceWorker?.ready.then((worker) =>
      worker.showNotification(notice.title, { body: notice.body ?? "", icon: ICON }),
    );
  }
}

const canPush = () => "serviceWorker" in navigator && "PushManager" in window;

/** Have the service worker ready, and tell the server again of a subscription that is there: it
 * counts for the log-in in which it was told of last. @param {(conversation: string) => void} onOpen
 */
export async function begin(onOpen) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.open) onOpen(data.open);
  });
  try {
    const worker = await navigator.serviceWorker.register(WORKER);
    if (!canPush()) return;
    const known = await worker.pushManager.getSubscription();
    isPushed.value = known ? await tell(known) : false;
  } catch {
    // Not every browser allows it, such as in private windows.
  }
}

/** Have this browser told while no page is open. Returns what refused it, null for nothing. */
export async function subscribe() {
  await ask();
  if (permission.peek() !== "granted") return "denied";
  const key = await request("/v1/me/push-key");
  if (key.state !== "done") return "failed";
  try {
    const worker = await navigator.serviceWorker.ready;
    const { public_key: applicationServerKey } = /** @type {any} */ (key.value);
    const options = { userVisibleOnly: true, applicationServerKey };
    isPushed.value = await tell(await worker.pushManager.subscribe(options));
  } catch {
    return "failed";
  }
  return isPushed.value ? null : "failed";
}

/** Have this browser told no more. */
export async function unsubscribe() {
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.getSubscription();
  const id = localStorage.getItem("push/id");
  if (id) await request(`/v1/me/push-subscriptions/${id}`, { method: "DELETE" });
  await known?.unsubscribe();
  isPushed.value = false;
}

/** @param {PushSubscription} subscription */
async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const body = { endpoint, keys, browser: browserName() };
  const outcome = await request("/v1/me/push-subscriptions", { method: "PUT", body });
  if (outcome.state !== "done") return false;
  localStorage.setItem("push/id", /** @type {any} */ (outcome.value).id);
  return true;
}

const BROWSERS = { Edg: "Edge", Firefox: "Firefox", Chrome: "Chrome", Safari: "Safari" };
const SYSTEMS = {
  Android: "Android",
  iPhone: "iPhone",
  Windows: "Windows",
  Mac: "macOS",
  Linux: "Linux",
};

/** What its owner knows this browser by. */
function browserName() {
  const named = (/** @type {Record<string, string>} */ names) =>
    Object.entries(names).find(([sign]) => navigator.userAgent.includes(sign))?.[1];
  return [named(BROWSERS) ?? "Browser", named(SYSTEMS)].filter(Boolean).join(", ");
}
