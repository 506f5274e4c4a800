"""The audit log: filtered, page by page, and exported."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, StreamingResponse

from api.app_state import AppStateDep
from api.schemas.shared import LATEST
from database.queries.audit import AuditFilters
from domain.settings.auditing import Action, Door
from services import auditing
from services.configuring import agents
from web.frame import AdminsFrame, Frame
from web.route import PageRoute
from web.words import Words

PATH = "/admin/audit"
MOST = 100
ACTIONS = Words(
    {
        Action.added: "Added",
        Action.changed: "Changed",
        Action.removed: "Removed",
        Action.read: "Read",
        Action.exported: "Exported",
        Action.used: "Used",
        Action.ended: "Ended",
        Action.locked: "Locked for a day",
    }
)
DOORS = Words(
    {Door.page: "on a page", Door.api: "by the API", Door.command_line: "on the command line"}
)
SUBJECTS = Words(
    {
        "account": "Account",
        "agent": "Person",
        "agent_skill": "Skill of a person",
        "api_token": "Token",
        "audit_log": "Audit log",
        "automatic_message": "Automatic message",
        "automatic_timer": "Timer of an automatic message",
        "away_reason": "Away reason",
        "bot": "Bot",
        "closing_reason": "Closing reason",
        "closing_reason_skill": "Skill of a closing reason",
        "configuration": "Configuration file",
        "connector": "Connector",
        "consent": "Ledger of consent",
        "consumer_field": "Consumer field",
        "consumer": "Everything about a consumer",
        "consumers": "Consumers",
        "conversation": "Conversation",
        "comments": "Comment of a rating",
        "endpoint": "Endpoint",
        "erasure": "Erasure of a number",
        "excerpts": "Texts that a search found",
        "exchanges": "What a provider and we said",
        "export": "Export",
        "export_bucket": "Bucket of exports",
        "export_file": "File of an export",
        "export_schedule": "Scheduled export",
        "files": "File of a conversation",
        "identity_provider": "Single sign-on",
        "label": "Label",
        "line": "Line",
        "log_in": "Log-in",
        "password_link": "Link for a password",
        "recovery_code": "Codes of a log-in",
        "line_keyword": "Keyword of a line",
        "line_set_up": "Set-up at the provider",
        "menu": "Phone menu",
        "menu_number": "Number of a phone menu",
        "menu_version": "Version of a phone menu",
        "panel": "Side panel",
        "report": "Report",
        "saved_reply": "Saved reply",
        "skill": "Skill",
        "skill_bot": "Bot of a skill",
        "skill_transfer_target": "Transfer target",
        "source": "Source",
        "special_day": "Special day",
        "survey": "Survey",
        "team": "Team",
        "team_member": "Person of a team",
        "team_skill": "Skill of a team",
        "working_period": "Working hours",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)

Text = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]


@router.get("")
async def show_audit(
    frame: AdminsFrame,
    actor: Text = "",
    subject: Text = "",
    action: Text = "",
    since: Text = "",
    until: Text = "",
    before: Annotated[int | None, Query(ge=0, le=LATEST)] = None,
) -> HTMLResponse:
    """Show the latest entries that pass the filters."""
    wanted = _filters(frame, actor, subject, action, since, until)
    shown = await auditing.listed(
        frame.caller, frame.session, wanted, before=before, limit=MOST + 1
    )
    chosen = {
        "actor": actor,
        "subject": subject,
        "action": action,
        "since": since,
        "until": until,
    }
    return frame.answer(
        "admin/audit.html",
        entries=shown.entries[:MOST],
        has_more=len(shown.entries) > MOST,
        names=shown.names,
        people=await agents.listed(frame.caller, frame.session, retired=True),
        chosen=chosen,
        actions=ACTIONS,
        doors=DOORS,
        subjects=SUBJECTS,
    )


@router.get("/export")
async def export_audit(
    frame: AdminsFrame,
    app: AppStateDep,
    actor: Text = "",
    subject: Text = "",
    action: Text = "",
    since: Text = "",
    until: Text = "",
) -> StreamingResponse:
    """Export the entries that pass the filters."""
    wanted = _filters(frame, actor, subject, action, since, until)
    rows = auditing.export(frame.caller, app.sessions, wanted)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _filters(
    frame: Frame, actor: str, subject: str, action: str, since: str, until: str
) -> AuditFilters:
    return AuditFilters(
        actor or None,
        subject or None,
        None,
        action or None,
        _midnight(frame, since),
        _midnight(frame, until, timedelta(days=1)),
    )


def _midnight(frame: Frame, day: str, later: timedelta = timedelta()) -> datetime | None:
    """Return when a day, or a later one, begins in the account's zone; None for what is no day."""
    try:
        wanted = date.fromisoformat(day) + later
        begins = datetime.combine(wanted, time(), ZoneInfo(str(frame.page.zone)))
        return begins.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
