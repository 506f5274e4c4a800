"""The account's settings: its brand, routing, response times, alerts and closing."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.schemas.account import AccountChange, AccountOut
from api.schemas.shared import SlugPath
from domain.numbers.kinds import Misdirected
from services.configuring import account, connectors, endpoints, lines, open_now
from web import choices
from web.admin import skills
from web.admin.forgetting import would_go
from web.forms import FormFields, FormFieldsDep, Value, beside, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/account"
TEXTS = Words(
    {
        "name": "Account name",
        "brand": "Brand name",
        "language": "Language",
        "time_zone": "Time zone",
        "default_capacity": "Conversations at once",
        "capacity_mode": "Load",
        "accept_mode": "New conversations",
        "missed_offers_allowed": "Missed offers before away",
        "fallback_when": "Fallback skills",
        "text_precedence": "Automatic messages follow",
        "opt_out_reach": "STOP opts out of",
        "first_text_check": "First text to a new consumer",
        "audit_kept_days": "The audit log is kept for",
    }
)
RETENTION = Words({"retention_days": "Conversations are kept for"})
TIMES = Words(
    {
        "ring_timeout_seconds": "An offer rings for",
        "affinity_seconds": "Back to the same agent within",
        "agent_transfer_fallback_seconds": "A transfer to an agent waits for",
        "auto_close_seconds": "Close after silence",
        "thanks_shown_seconds": "Thanks open nothing for",
        "automatic_replies_seconds": "Automatic replies come within",
    }
)
BOUNDS = Words(
    {
        "agent_texts_a_minute": "A person, in a minute",
        "agent_texts_a_day": "A person, in a day",
        "line_texts_a_minute": "A line, in a minute",
        "line_texts_a_day": "A line, in a day",
        "account_texts_a_minute": "All lines, in a minute",
        "account_texts_a_day": "All lines, in a day",
    }
)
OPTIONAL_TIMES = Words(
    {
        "release_after_seconds": "Return conversations of absent agents after",
        "response_seconds": "Response time",
        "first_response_seconds": "First response time",
        "agent_silent_nudge_seconds": "Remind the agent after",
        "agent_silent_reroute_seconds": "Give it to somebody else after",
        "alert_waiting_seconds": "A conversation waits for longer than",
    }
)
SWITCHES = (
    "has_warm_up",
    "thanks_need_answer",
    "holds_quiet_hours",
    "needs_consent",
    "queues_programs",
    "alerts_nobody_online",
    "alerts_texts_not_passing",
    "push_shows_text",
    "masks_cards",
)
HOURS = Words({"texts_from": "Your own hours begin", "texts_until": "Your own hours end"})
LABELS = (
    TEXTS
    | TIMES
    | OPTIONAL_TIMES
    | HOURS
    | BOUNDS
    | RETENTION
    | Words({"default_skill": "Default skill"})
)

MISDIRECTED = Words(
    {
        Misdirected.another_line: "They were for another of your lines, and moved there.",
        Misdirected.unknown_number: "They were for a number that is no line of yours, and refused.",
        Misdirected.another_channel: "They came by a channel other than SMS, and were refused.",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_account(frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show the account's settings."""
    shown = await _account(frame)
    return frame.answer(
        "admin/account.html",
        account=shown,
        seen=version_of(shown),
        skills=await skills.list_skills(frame),
        misdirected=await lines.misdirected_texts(frame.caller, frame.session),
        misdirected_words=MISDIRECTED,
        paused=await connectors.paused(frame.caller, frame.session),
        paused_endpoints=await endpoints.paused(frame.caller, frame.session),
        refused=await lines.refused_webhooks(frame.caller, frame.session),
        labels=LABELS,
        bounds=list(BOUNDS),
        languages=choices.languages(shown.language),
        time_zones=choices.time_zones(shown.time_zone),
        open_now=await open_now.count(frame.caller, frame.session),
        saved=saved,
    )


@router.post("")
async def change(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Change the account's settings."""

    async def present() -> str:
        return version_of(await _account(frame))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = _change(form).wanted
    was = (await _account(frame)).retention_days
    if told := await would_go(request, frame, form, was, wanted.retention_days):
        return told
    with beside("texts_from", HOURS["texts_from"]):
        await account.change(frame.caller, frame.session, wanted)
    return redirect(request, f"{PATH}?saved=true")


@router.post("/connectors/{connector_id}/resume")
async def resume_connector(
    request: Request, connector_id: SlugPath, frame: AdminsFrame
) -> Response:
    """Send the texts of a paused connector now."""
    await connectors.resume(frame.caller, frame.session, connector_id)
    return redirect(request, f"{PATH}?saved=true")


async def _account(frame: Frame) -> AccountOut:
    return AccountOut.model_validate(await account.show(frame.caller, frame.session))


def _change(form: FormFields) -> AccountChange:
    values: dict[str, Value] = {name: form.text(name) for name in TEXTS}
    values |= {name: form.seconds(name, label) for name, label in (TIMES | OPTIONAL_TIMES).items()}
    values |= {name: form.maybe(name) for name in (*HOURS, *BOUNDS, *RETENTION)}
    for switch in SWITCHES:
        values[switch] = form.is_checked(switch)
    values["default_skill"] = form.maybe("default_skill")
    return parse(AccountChange, values, LABELS)
