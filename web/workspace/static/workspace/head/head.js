// The head of the open conversation: whom it is with, how it stands, and what can be done.

import { html } from "../../island/html.js";
import { Icon } from "../../island/icons.js";
import { calledBy } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { Response, Score, Status } from "../marks.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";
import { Labels, PriorityMark, Snoozed } from "../tags.js";
import { Actions } from "./actions.js";
import { Wish } from "./wish.js";

export function Head() {
  const { store } = useWorkspace();
  const opened = store.current.value;
  if (!opened) return null;
  const { row } = opened;
  const { people, skills } = store.boot.value;
  const isGone = store.gone.value.has(row.id);
  const back = addressOf({ view: store.view.value, conversation: null });
  return html`<div class="head">
    <a class="icon-button narrow-only" href=${back} aria-label=${t("Back to the list")}><${Icon} name="back" /></a>
    <div class="title">
      <h1><bdi>${calledBy(opened.consumer)}</bdi></h1>
      <p>
        <${Status} row=${row} /> <${Response} row=${row} />
        <span><bdi>${skills[row.skill_id ?? ""] ?? t("No skill")}</bdi></span>
        ${row.agent_id && html`<span><bdi>${people[row.agent_id]}</bdi></span>`}
        <${Score} rating=${row.rating} />
        <${PriorityMark} priority=${row.priority} /> <${Snoozed} row=${row} /> <${Labels} row=${row} />
      </p>
    </div>
    ${!isGone && html`<${Actions} opened=${opened} /><${Wish} opened=${opened} />`}
  </div>`;
}
