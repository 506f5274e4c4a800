// The live stream: whether it is connected, and the way to the log-in when the log-in has ended.

function say(state, words) {
  const element = document.querySelector("#connection");
  if (!element) return;
  element.dataset.state = state;
  element.querySelector("[data-words]").textContent = words;
}

function interrupted(event) {
  say("off", "Reconnecting");
  if (event.detail.status !== 401) return;
  const here = location.pathname + location.search;
  location.assign(`/log-in?next=${encodeURIComponent(here)}`);
}

export function install() {
  document.addEventListener("htmx:sse:after:connection", () => say("on", "Live"));
  document.addEventListener("htmx:sse:error", interrupted);
  // The database was restored to an earlier time: the page shows what no longer exists.
  document.addEventListener("reload", () => location.reload());
  document.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt > 0) say("off", "Reconnecting");
  });
}
