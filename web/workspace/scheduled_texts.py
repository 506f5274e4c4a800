"""What agents let time do, or keep it from doing: texts to be sent later, and auto-close."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Response

from api.schemas.shared import UuidPath
from domain.errors import Invalid
from services.commanding import conversation_settings, writing
from services.looking import workspace as looking
from web.route import PageRoute
from web.workspace.command_form import CommandForm, CommandFormDep

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)

Moment = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class ScheduledText:
    """When a text shall leave: the instant a browser says, or else a time of the account."""

    at: str
    local: str
    unless_answered: bool


def get_later(
    later: Annotated[str, Form(max_length=3)] = "",
    at: Moment = "",
    local: Moment = "",
    unless_answered: Annotated[str, Form(max_length=3)] = "",
) -> ScheduledText | None:
    return ScheduledText(at, local, bool(unless_answered)) if later else None


LaterDep = Annotated[ScheduledText | None, Depends(get_later)]


async def schedule(text: str, later: ScheduledText, acting: CommandForm) -> None:
    """Let a text leave later. Raises `Invalid` where no time is said."""
    moment = await _moment(acting, later)
    await writing.schedule_text(acting.context, text, moment, unless_answered=later.unless_answered)


@router.post("/scheduled-texts/{text_id}/cancel")
async def cancel(text_id: UuidPath, acting: CommandFormDep) -> Response:
    """Let a text not leave after all."""
    await writing.cancel_scheduled_text(acting.context, text_id)
    return await acting.changed()


@router.post("/auto-close")
async def hold(acting: CommandFormDep, held: Annotated[str, Form(max_length=3)]) -> Response:
    """Keep it open however long the consumer is silent, or let silence close it again."""
    await conversation_settings.hold_auto_close(acting.context, held=held == "yes")
    return await acting.changed()


async def _moment(acting: CommandForm, later: ScheduledText) -> datetime:
    try:
        if later.at:
            return datetime.fromisoformat(later.at).astimezone(UTC)
        moment = datetime.fromisoformat(later.local)
    except ValueError as error:
        raise Invalid("Choose a date and a time.") from error
    async with acting.context.backends.sessions.begin() as session:
        account = (await looking.account_words(acting.user.caller, session)).account
    return moment.replace(tzinfo=ZoneInfo(account.time_zone)).astimezone(UTC)
