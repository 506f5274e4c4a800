// The log-in has ended while the page was open: one logs in here and goes on where one was.

import { request } from "./api.js";
import { html, useState } from "./html.js";
import { Button, Dialog, Failure, Field } from "./parts.js";
import { useIsPausing } from "./pausing.js";
import { t } from "./words.js";

/** @import { LoggedIn } from "../wire.js" */

const ELSEWHERE = () => `/log-in?next=${encodeURIComponent(location.pathname + location.search)}`;

/**
 * `agent`: who was logged in; somebody else gets a page of their own.
 * @param {{ agent: { id: string, email: string }, onDone: () => void }} props
 */
export function LogInDialog(props) {
  // Words for a consumer must not go on in the field of a password.
  return useIsPausing(true) ? html`<${Asking} ...${props} />` : null;
}

/** @param {{ agent: { id: string, email: string }, onDone: () => void }} props */
function Asking({ agent, onDone }) {
  const [refused, refuse] = useState(/** @type {string | null} */ (null));
  const [isBusy, setBusy] = useState(false);
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const password = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get(
      "password",
    );
    setBusy(true);
    const body = { email: agent.email, password };
    const outcome = await request("/v1/sessions", { method: "POST", body });
    setBusy(false);
    if (outcome.state === "done") {
      const now = /** @type {LoggedIn} */ (outcome.value);
      if (now.agent.id === agent.id) onDone();
      else location.reload();
    } else if (outcome.state === "refused") refuse(outcome.sentence);
    else refuse(t("E-mail or password is wrong, or there is no connection."));
  };
  return html`<${Dialog} title=${t("Log in again")} onClose=${() => {}}>
    <form onSubmit=${submit}>
      <p>${t("Your log-in has ended. What you wrote is kept: log in and go on.")}</p>
      <p class="quiet"><bdi>${agent.email}</bdi></p>
      <${Field} label=${t("Password")}>${(/** @type {string} */ id) => html`<input id=${id} name="password" type="password" autocomplete="current-password" required autofocus />`}<//>
      <${Failure} words=${refused} />
      <div class="row"><a class="button" href=${ELSEWHERE()}>${t("To the log-in page")}</a>
        <${Button} type="submit" kind="primary" words=${t("Log in")} isBusy=${isBusy} /></div>
    </form>
  <//>`;
}
