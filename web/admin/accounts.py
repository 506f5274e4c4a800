"""The account's settings: routing, response times, closing, away reasons and keywords."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile

from api.app_state import AppStateDep
from api.consent_files import LedgerFormat, streamed
from api.schemas.account import AccountChange, AccountOut
from api.schemas.keywords import BuiltInKeyword, KeywordsOut, NewKeywords
from api.schemas.people import AwayReasons
from api.schemas.shared import SlugPath
from domain.consent.keywords import OPTIONAL
from domain.consent.quiet_hour_rules import RULES, Basis
from domain.errors import Invalid
from domain.languages import name_of
from domain.numbers.kinds import Misdirected
from domain.people.roles import Role
from services import consent_ledger
from services.configuring import account, away_reasons, connectors, endpoints, keywords, lines
from web.admin import skills
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/admin/account"
TEXTS = Words(
    {
        "name": "Account",
        "brand": "Brand",
        "language": "Language",
        "time_zone": "Time zone",
        "default_capacity": "Conversations at once",
        "capacity_mode": "Load",
        "accept_mode": "New conversations",
        "missed_offers_allowed": "Missed offers in a row",
        "fallback_when": "Fallback skills",
        "text_precedence": "Automatic messages follow",
        "opt_out_reach": "STOP opts out of",
        "first_text_check": "First text to a new consumer",
        "audit_kept_days": "The audit log is kept for",
    }
)
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
OPTIONAL_TIMES = Words(
    {
        "release_after_seconds": "Take conversations back after",
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
)
HOURS = Words({"texts_from": "Your own hours begin", "texts_until": "Your own hours end"})
KEYWORDS = Words({"stop": "Opt out", "start": "Opt in again", "help": "Ask for help"})
LABELS = TEXTS | TIMES | OPTIONAL_TIMES | HOURS | Words({"reasons": "Reasons"})

BASIS = Words(
    {
        Basis.law: "Law",
        Basis.regulator: "Regulator",
        Basis.carriers: "Carriers",
        Basis.ours: "Our choice",
    }
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
    own = KeywordsOut.of(await keywords.show(frame.caller, frame.session))
    shown = await _account(frame)
    reasons = await away_reasons.listed(frame.caller, frame.session)
    return frame.answer(
        "admin/account.html",
        account=shown,
        seen=version_of(shown),
        reasons=reasons,
        seen_reasons=version_of(reasons),
        seen_keywords=version_of(own),
        skills=await skills.list_skills(frame),
        keywords=own,
        optional=_optional(own),
        misdirected=await lines.misdirected_texts(frame.caller, frame.session),
        misdirected_words=MISDIRECTED,
        paused=await connectors.paused(frame.caller, frame.session),
        paused_endpoints=await endpoints.paused(frame.caller, frame.session),
        refused=await lines.refused_webhooks(frame.caller, frame.session),
        labels=LABELS,
        quiet_hours=RULES,
        basis_words=BASIS,
        saved=saved,
    )


@router.post("")
async def change(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Change the account's settings."""

    async def present() -> str:
        return version_of(await _account(frame))

    if told := await overtaken(request, frame, form, present):
        return told
    await account.change(frame.caller, frame.session, _change(form).wanted)
    return redirect(request, f"{PATH}?saved=true")


@router.post("/away-reasons")
async def set_reasons(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Replace the away reasons, one per line."""

    async def present() -> str:
        return version_of(await away_reasons.listed(frame.caller, frame.session))

    if told := await overtaken(request, frame, form, present):
        return told
    given = [line.strip() for line in form.text("reasons").splitlines() if line.strip()]
    wanted = parse(AwayReasons, {"reasons": given}, LABELS)
    await away_reasons.replace(frame.caller, frame.session, wanted.reasons)
    return redirect(request, f"{PATH}?saved=true")


@router.post("/connectors/{connector_id}/resume")
async def resume_connector(
    request: Request, connector_id: SlugPath, frame: AdminsFrame
) -> Response:
    """Send the texts of a paused connector now."""
    await connectors.resume(frame.caller, frame.session, connector_id)
    return redirect(request, f"{PATH}?saved=true")


@router.post("/keywords")
async def set_keywords(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> Response:
    """Replace the account's own keywords, one per line, and which built-in ones count."""

    async def present() -> str:
        return version_of(KeywordsOut.of(await keywords.show(frame.caller, frame.session)))

    if told := await overtaken(request, frame, form, present):
        return told
    counting = set(form.every("on"))
    values: dict[str, object] = {
        name: [line.strip() for line in form.text(name).split("\n") if line.strip()]
        for name in KEYWORDS
    }
    values["off"] = sorted(OPTIONAL - counting)
    wanted = parse(NewKeywords, values, KEYWORDS)
    await keywords.replace(frame.caller, frame.session, wanted.words)
    return redirect(request, f"{PATH}?saved=true")


@router.get("/consent.{format}")
async def export_consent(format: LedgerFormat, user: PageUserDep, app: AppStateDep) -> Response:
    """Download every change of consent."""
    return streamed(await consent_ledger.export(user.caller, app.sessions), format)


@router.post("/consent")
async def import_consent(
    request: Request, user: PageUserDep, app: AppStateDep, pages: PagesDep
) -> HTMLResponse:
    """Import changes of consent from a CSV file, and show what became of its lines."""
    user.caller.require(Role.admin)
    async with request.form(max_files=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid("Choose a file.")
        imported = await consent_ledger.import_csv(user.caller, app.sessions, file.file)
    return pages.answer("admin/consent_imported.html", imported=imported)


async def _account(frame: Frame) -> AccountOut:
    return AccountOut.model_validate(await account.show(frame.caller, frame.session))


def _optional(own: KeywordsOut) -> dict[str, list[BuiltInKeyword]]:
    """Return the built-in words that can be switched off, by language."""
    found: dict[str, list[BuiltInKeyword]] = {}
    for word in own.built_in:
        if word.language:
            found.setdefault(name_of(word.language), []).append(word)
    return found


def _change(form: FormFields) -> AccountChange:
    values: dict[str, Value] = {name: form.text(name) for name in TEXTS}
    values |= {name: form.seconds(name, label) for name, label in (TIMES | OPTIONAL_TIMES).items()}
    values |= {name: form.maybe(name) for name in HOURS}
    for switch in SWITCHES:
        values[switch] = form.is_checked(switch)
    values["default_skill"] = form.maybe("default_skill")
    return parse(AccountChange, values, LABELS)
