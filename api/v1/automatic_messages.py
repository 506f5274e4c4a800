"""Automatic messages: their texts for the account, a line, a skill or a connector, by language."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.automatic import (
    AutomaticDefault,
    AutomaticIn,
    AutomaticMessages,
    AutomaticOut,
    PreviewIn,
    PreviewOut,
)
from database.queries import account_rows, accounts, automatic_messages
from database.tables import Connector, Line, Skill
from domain.automatic.catalogue import CATALOGUE
from domain.automatic.preview import Sample, preview
from domain.automatic.texts.defaults import starting_texts
from domain.automatic.wordings import Wording, check_place, check_text
from domain.errors import Conflict, NotAllowed, NotFound
from domain.languages import check_language

SAMPLE_AGENT = "Alex"

router = APIRouter(prefix="/automatic-messages", tags=["automatic messages"])


@router.get("")
async def list_automatic_messages(caller: CallerDep, session: SessionDep) -> AutomaticMessages:
    """Show what the account has set, and what is sent where it has not."""
    rows = await automatic_messages.listed(session, caller.account_id)
    account = await accounts.find(session, caller.account_id)
    defaults = [
        AutomaticDefault(event=event, text=text, enabled=CATALOGUE[event].is_on)
        for event, text in starting_texts(account.language).items()
    ]
    return AutomaticMessages(
        set=[AutomaticOut.model_validate(row) for row in rows], defaults=defaults
    )


@router.put("", responses=documented(NotAllowed, NotFound, Conflict))
async def set_automatic_message(
    wanted: AutomaticIn, caller: AdminDep, session: SessionDep
) -> AutomaticOut:
    """Set a text, or switch the message off. An unknown placeholder is refused here."""
    account = await accounts.find(session, caller.account_id)
    wording = Wording(
        event=wanted.event,
        line_id=wanted.line,
        skill_id=wanted.skill,
        connector_id=wanted.connector,
        language=wanted.language or account.language,
        text=wanted.text,
        enabled=wanted.enabled,
    )
    check_place(wording.event, wording.place)
    check_text(wording.event, wording.text)
    check_language(wording.language)
    if wanted.line:
        await account_rows.find_active(session, Line, account.id, wanted.line)
    if wanted.skill:
        await account_rows.find_active(session, Skill, account.id, wanted.skill)
    if wanted.connector:
        await account_rows.find_active(session, Connector, account.id, wanted.connector)
    row = await automatic_messages.put(session, caller.account_id, wording)
    return AutomaticOut.model_validate(row)


@router.post("/preview", responses=documented(NotFound))
async def preview_automatic_message(
    looked_at: PreviewIn, caller: CallerDep, session: SessionDep
) -> PreviewOut:
    """Show what a consumer would read, how many segments it takes, and what may surprise."""
    account = await accounts.find(session, caller.account_id)
    language = looked_at.language or account.language
    check_language(language)
    prefix = ""
    if looked_at.connector:
        connector = await account_rows.find(session, Connector, account.id, looked_at.connector)
        prefix = connector.prefix
    sample = Sample(
        brand=account.brand,
        skill=await _skill_name(session, account.id, looked_at.skill),
        agent=caller.person.name if caller.person else SAMPLE_AGENT,
        prefix=prefix,
        language=language,
    )
    return PreviewOut.of(preview(looked_at.event, looked_at.text, sample))


async def _skill_name(session: AsyncSession, account_id: str, skill_id: str | None) -> str:
    if skill_id:
        return (await account_rows.find(session, Skill, account_id, skill_id)).name
    known = await account_rows.listed(session, Skill, account_id, limit=1)
    return known[0].name if known else ""


@router.delete("/{message_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def remove_automatic_message(
    message_id: Annotated[int, Path(ge=1, le=2**63 - 1)], caller: AdminDep, session: SessionDep
) -> None:
    """Remove a text: a less specific one or the default holds again."""
    await automatic_messages.remove(session, caller.account_id, message_id)
