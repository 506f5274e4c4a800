// This conversation: where it is, how it began, how it was rated.

import { html } from "../../island/html.js";
import { Button, Time } from "../../island/parts.js";
import { t } from "../../island/words.js";
import { Score } from "../marks.js";
import { addressOf } from "../route.js";
import { useWorkspace } from "../store.js";
import { Card } from "./card.js";

/** @import { Children } from "../../island/html.js" */
/** @import { BeganOut, Opened } from "../../wire.js" */

/** @param {{ opened: Opened }} props */
export function Facts({ opened }) {
  const { store } = useWorkspace();
  const why = () => store.openDialog("why", opened.conversation_id);
  const tool = html`<${Button} kind="quiet-button" words=${t("Why here?")} onClick=${why} />`;
  return html`<${Card} name="facts" title=${t("This conversation")} tool=${tool}>
    <dl><${Where} opened=${opened} />${opened.began && html`<${Began} began=${opened.began} />`}<${When} opened=${opened} /><${Rated} opened=${opened} /></dl>
  <//>`;
}

/** @param {{ name: string, children: Children }} props */
function Fact({ name, children }) {
  return html`<div><dt>${name}</dt><dd dir="auto">${children}</dd></div>`;
}

/** @param {{ opened: Opened }} props */
function Where({ opened }) {
  const { store } = useWorkspace();
  const { row } = opened;
  const { people, skills, line_names: lines } = store.boot.value;
  return html`<${Fact} name=${t("Line")}>${lines[row.line_id]}<//>
    <${Fact} name=${t("Skill")}>${skills[row.skill_id ?? ""] ?? t("None")}<//>
    <${Fact} name=${t("Agent")}>${people[row.agent_id ?? ""] ?? t("Nobody yet")}<//>
    ${row.bot_name && html`<${Fact} name=${t("Bot")}>${row.bot_name}<//>`}
    ${row.offered_agent_id && html`<${Fact} name=${t("Offered to")}>${people[row.offered_agent_id]}<//>`}`;
}

/** @param {{ began: BeganOut }} props */
function Began({ began }) {
  const follows = began.follows && addressOf({ view: "all", conversation: began.follows });
  return html`<${Fact} name=${t("Began")}>${began.words}${follows && html` <a href=${follows}>${t("Earlier conversation")}</a>`}<//>
    ${began.reason && html`<${Fact} name=${t("Reason")}>${began.reason}<//>`}
    ${began.reference && html`<${Fact} name=${t("Reference")}>${began.reference}<//>`}
    ${began.note && html`<div><dt>${t("Note")}</dt><dd dir="auto" class="began-note">${began.note}</dd></div>`}
    ${began.link && html`<div><dt>${t("Link")}</dt><dd><a href=${began.link} target="_blank" rel="noopener noreferrer nofollow" dir="ltr" class="began-link">${began.link}</a></dd></div>`}`;
}

/** @param {{ opened: Opened }} props */
function When({ opened }) {
  const { row } = opened;
  return html`${row.response_due_at && html`<${Fact} name=${t("Reply due")}><${Time} at=${row.response_due_at} />${row.response_is_manual && html` <span class="quiet">${t("(set by hand)")}</span>`}<//>`}
    ${row.next_open_at && html`<${Fact} name=${t("Opens next")}><${Time} at=${row.next_open_at} /><//>`}
    <${Fact} name=${t("Opened")}><${Time} at=${row.opened_at} /><//>
    ${row.closed_at && html`<${Fact} name=${t("Closed")}><${Time} at=${row.closed_at} /><//>`}
    <${Reason} opened=${opened} />`;
}

/** Why it was closed, and a way to say so afterwards. @param {{ opened: Opened }} props */
function Reason({ opened: { row, rights } }) {
  const { store } = useWorkspace();
  const given = store.boot.value.closing_reasons[row.closing_reason_id ?? ""];
  if (!row.closed_at || !(given || rights.may_set_closing_reason)) return null;
  const change = () => store.openDialog("reason", row.id);
  return html`<div><dt>${t("Closing reason")}</dt><dd><bdi>${given?.name ?? t("None")}</bdi>
    ${rights.may_set_closing_reason && html` <${Button} kind="quiet-button" words=${t("Change")} label=${t("Change the closing reason")} onClick=${change} />`}</dd></div>`;
}

/** @param {{ opened: Opened }} props */
function Rated({ opened }) {
  const { survey, rating } = opened.row;
  if (!survey) return null;
  const none = survey.outcome ? t("None") : t("Asked");
  return html`<${Fact} name=${t("Rating")}>${rating ? html`<${Score} rating=${rating} />` : none}<//>
    ${survey.comment && html`<${Fact} name=${t("Comment")}>${survey.comment}<//>`}
    ${opened.followed_up.map(({ question, answer }) => html`<${Fact} name=${question}>${answer}<//>`)}`;
}
