"""Scheduled texts: their form, and cancelling them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Response

from api.schemas.shared import UuidPath
from domain.errors import Invalid
from services.commanding import writing
from services.looking import workspace as looking
from web.route import PageRoute
from web.workspace.command_form import CommandForm, CommandFormDep

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)

Moment = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class Schedule:
    """When to send a text: an instant, or without scripts a local time of the account."""

    at: str
    local: str
    unless_answered: bool


def get_schedule(
    later: Annotated[str, Form(max_length=3)] = "",
    at: Moment = "",
    local: Moment = "",
    unless_answered: Annotated[str, Form(max_length=3)] = "",
) -> Schedule | None:
    return Schedule(at, local, bool(unless_answered)) if later else None


ScheduleDep = Annotated[Schedule | None, Depends(get_schedule)]


async def schedule(text: str, later: Schedule, form: CommandForm) -> None:
    """Schedule a text. Raises `Invalid` without a time."""
    moment = await _moment(form, later)
    await writing.schedule_text(form.context, text, moment, unless_answered=later.unless_answered)


@router.post("/scheduled-texts/{text_id}/cancel")
async def cancel(text_id: UuidPath, form: CommandFormDep) -> Response:
    """Cancel a scheduled text."""
    await writing.cancel_scheduled_text(form.context, text_id)
    return await form.changed()


async def _moment(form: CommandForm, later: Schedule) -> datetime:
    try:
        if later.at:
            return datetime.fromisoformat(later.at).astimezone(UTC)
        moment = datetime.fromisoformat(later.local)
    except ValueError as error:
        raise Invalid("Choose a date and a time.") from error
    async with form.context.backends.sessions.begin() as session:
        account = (await looking.load_names(form.user.caller, session)).account
    return moment.replace(tzinfo=ZoneInfo(account.time_zone)).astimezone(UTC)
