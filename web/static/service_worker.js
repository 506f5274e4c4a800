// Shows notices while no page is open. It answers no request and keeps nothing: all that is private
// stays on the server.

/** @typedef {{ id: number, kind: string, title: string, body: string, conversation_id: string | null, tag: string, at: string }} Pushed */

// The types of pages know nothing of service workers.
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) =>
  event.waitUntil(worker.clients.claim()),
);
worker.addEventListener("push", (/** @type {any} */ event) =>
  event.waitUntil(show(event.data.json())),
);
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.conversation));
});
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) =>
  event.waitUntil(renew(event)),
);

/** A push that comes twice shows once. @param {Pushed} pushed */
async function show(pushed) {
  const told = `${pushed.id}/${pushed.at}`;
  const before = await worker.registration.getNotifications({ tag: pushed.tag });
  const isKnown = before.some((/** @type {any} */ each) => each.data?.told === told);
  await worker.registration.showNotification(pushed.title, {
    body: pushed.body,
    tag: pushed.tag,
    renotify: !isKnown,
    silent: isKnown,
    timestamp: Date.parse(pushed.at),
    icon: "/static/icons/icon-192.png",
    badge: "/static/icons/badge-96.png",
    data: { conversation: pushed.conversation_id, told },
  });
}

/** Go to a page that is open, or open one. @param {string | null} conversation */
async function open(conversation) {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((/** @type {any} */ each) => new URL(each.url).pathname.startsWith("/workspace"));
  if (!page) return worker.clients.openWindow(`/workspace${conversation ? `/${conversation}` : ""}`);
  page.postMessage({ open: conversation });
  return page.focus();
}

/** The browser has another address now. @param {any} event */
async function renew(event) {
  const { options } = event.oldSubscription ?? {};
  if (!options) return;
  const made = await worker.registration.pushManager.subscribe(options);
  const { endpoint, keys } = made.toJSON();
  await fetch("/v1/me/push-subscriptions", {
    method: "PUT",
    headers: { "Content-Type": "application/json", "X-Switchboard": "1" },
    body: JSON.stringify({ endpoint, keys, browser: "Browser" }),
  });
}
