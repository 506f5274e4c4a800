"""Phone calls: questions of other phone systems whether to text a caller, and all records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, calls, menus
from database.queries.calls import Fate, NewCall
from database.queries.menus import MenuAt
from database.tables import Line, Menu, PhoneCall, Skill
from domain.batches.numbers import UnreadNumber, calling_code_of, listed_phone
from domain.calls.callers import caller_of
from domain.calls.course import Ending
from domain.calls.evidence import Evidence
from domain.calls.kinds import Asked, CallOutcome, WhyNot
from domain.calls.menu import SPOKEN, Design
from domain.erasure.kinds import ERASED_CALLER
from domain.errors import Conflict, ConsumerBlocked, ConsumerOptedOut, Invalid, NotFound
from domain.languages import nearest
from domain.origins import look_back
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.limits import check_outgoing
from ingress.call_texts import Texting, answer_missed, ask, course_of, standing, texting
from ingress.missed_calls import texting_of
from services.caller import Caller
from services.cards import refuse_card
from services.clock import shared_now

SENTENCES = {
    WhyNot.hidden: "The call shows no number.",
    WhyNot.landline: "This number cannot receive texts: it is a fixed line, or toll-free.",
    WhyNot.opted_out: ConsumerOptedOut.sentence,
    WhyNot.blocked: ConsumerBlocked.sentence,
    WhyNot.consent_missing: "Nobody asked for the text, and the account wants a consent first.",
    WhyNot.texted_today: "The number was texted for a call within the last day.",
    WhyNot.texted_often: "The number was texted for five calls within the last day.",
    WhyNot.not_allowed: "The menu does not text after missed calls.",
    WhyNot.too_late: "Quiet hours last until the text would be too late.",
    WhyNot.line_retired: "The line that texts is retired.",
}
"""For people, by the reason."""


@dataclass(frozen=True)
class AnnouncedCall:
    """A call of another phone system. Either a menu, or a line with perhaps another skill.

    `look_back`: seconds; None: as the menu says, or three days.
    """

    number: str
    menu: str | None = None
    line: str | None = None
    skill: str | None = None
    language: str | None = None
    look_back: int | None = None


@dataclass(frozen=True)
class Pressed:
    """How a caller of another phone system asked for a text, in that system's words."""

    keys: str = ""
    speech: str = ""
    confidence: float | None = None
    prompt: str = ""


@dataclass(frozen=True)
class CallDetail:
    """A call, and what became of its text."""

    call: PhoneCall
    fate: Fate | None

    @property
    def outcome(self) -> CallOutcome:
        return course_of(self.call).outcome


async def check(caller: Caller, session: AsyncSession, announced: AnnouncedCall) -> PhoneCall:
    """Say whether a caller can be texted, and keep the call. Nothing is sent.

    Raises `Invalid`, `NotFound` and `Conflict` for a menu, line or skill that does not exist or is
    retired.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.calls_write)
    by, new = await _new(session, caller.account_id, announced)
    call = await calls.announce(session, new)
    call.why_not = await standing(session, by, caller_of(call.caller))
    await session.flush()
    return call


async def invite(
    caller: Caller,
    session: AsyncSession,
    call_id: UUID,
    pressed: Pressed | None,
    text: str | None = None,
) -> CallDetail:
    """Text the caller of a call, once: at once if they asked for it, else as a missed call.

    The answer says why no text leaves. `text`: own words instead of the menu's. Raises `NotFound`,
    `MessageTooLong`, `MessageEmpty`, `Invalid`, also for the number of a card, `Conflict` if the
    caller is erased, and `NotAllowed` for a manager of teams: calls are of the whole account.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.calls_write)
    if caller.led is not None:
        caller.require_whole()
    if text is not None:
        check_outgoing(text)
        refuse_card(await accounts.find(session, caller.account_id), text)
    call = await calls.find_locked(session, caller.account_id, call_id)
    now = await shared_now(session)
    if call.caller == ERASED_CALLER:
        raise Conflict("What was known of this caller is erased, so they cannot be texted.")
    by = await texting_of(session, call)
    if by is None:
        raise Invalid(SENTENCES[WhyNot.line_retired])
    if call.message_id is None:
        call.own_text = text
    if pressed is None:
        await _answer_missed(session, by, call, now)
    else:
        await ask(session, by, call, _evidence(call, pressed, now))
    await session.flush()
    return (await _details(session, [call]))[0]


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[CallDetail]:
    """Return the account's calls, the newest first."""
    caller.require_whole()
    caller.require_scope(TokenScope.calls_read)
    rows = await calls.listed(session, caller.account_id, before=before, limit=limit)
    return await _details(session, rows)


async def find(caller: Caller, session: AsyncSession, call_id: UUID) -> CallDetail:
    """Return a call. Raises `NotFound`."""
    caller.require_whole()
    caller.require_scope(TokenScope.calls_read)
    call = await calls.find(session, caller.account_id, call_id)
    return (await _details(session, [call]))[0]


async def _new(
    session: AsyncSession, account_id: str, announced: AnnouncedCall
) -> tuple[Texting, NewCall]:
    if (announced.menu is None) == (announced.line is None):
        raise Invalid("Name either a menu or a line.")
    if announced.look_back is not None:
        look_back.checked(timedelta(seconds=announced.look_back))
    account = await accounts.find(session, account_id)
    menu = await _menu_in_use(session, account_id, announced.menu) if announced.menu else None
    design = menu.design if menu else await _own_design(session, announced, account.language)
    line = await account_rows.find_active(session, Line, account_id, design.line)
    wanted = announced.skill or design.skill
    if wanted is not None:
        await account_rows.find_active(session, Skill, account_id, wanted)
    by = await texting(session, account_id, design, menu.menu.name if menu else "")
    if by is None:
        raise Invalid(SENTENCES[WhyNot.line_retired])
    return by, NewCall(
        account_id=account_id,
        connector_id=None,
        provider_call_id=None,
        caller=_written(announced.number, line.address),
        called="",
        menu_id=menu.menu.id if menu else None,
        menu_version=menu.version.version if menu else None,
        line_id=line.id,
        skill_id=wanted or account.default_skill_id or line.entry_skill_id,
        language=_language(announced.language, design.languages),
        look_back_seconds=announced.look_back or design.look_back_seconds,
    )


async def _own_design(
    session: AsyncSession, announced: AnnouncedCall, account_language: str
) -> Design:
    """Return the design of a call without a menu: the line's, in its language."""
    line = await session.get(Line, announced.line)
    language = announced.language or (line and line.language) or account_language
    spoken = language if language in SPOKEN else nearest(language)
    return Design(line=announced.line or "", languages=(spoken,))


def _written(number: str, line_address: str) -> str:
    """Return a number as it is known by; `anonymous` and the like stay as they are.

    Phone systems write numbers as lists do: with or without a plus sign.
    """
    try:
        return listed_phone(number, calling_code_of(line_address)).key
    except UnreadNumber:
        return number.strip()


def _language(wanted: str | None, languages: Sequence[str]) -> str:
    return wanted if wanted and wanted in languages else languages[0]


def _evidence(call: PhoneCall, pressed: Pressed, now: datetime) -> Evidence:
    if not pressed.keys and not pressed.speech.strip():
        raise Invalid("Say which keys were pressed, or what was said.")
    return Evidence(
        by=Asked.keys if pressed.keys else Asked.speech,
        heard=pressed.keys or pressed.speech,
        confidence=None if pressed.keys else pressed.confidence,
        menu=call.menu_id,
        version=call.menu_version,
        language=call.language,
        prompt=pressed.prompt,
        at=now,
    )


async def _answer_missed(
    session: AsyncSession, by: Texting, call: PhoneCall, now: datetime
) -> None:
    """Treat a call as missed. Without a menu nobody has allowed such texts."""
    call.ending, call.ended_at = call.ending or Ending.not_taken.value, call.ended_at or now
    if not by.design.texts_missed:
        call.why_not = call.why_not or (None if call.message_id else WhyNot.not_allowed)
        return
    await answer_missed(session, by, call, now)


async def _details(session: AsyncSession, rows: Sequence[PhoneCall]) -> list[CallDetail]:
    fates = await calls.fates(session, [row.message_id for row in rows if row.message_id])
    return [CallDetail(row, fates.get(row.message_id) if row.message_id else None) for row in rows]


async def _menu_in_use(session: AsyncSession, account_id: str, menu_id: str) -> MenuAt:
    """Return a menu for a call of another phone system. Raises `NotFound`, `Conflict`."""
    menu = await account_rows.find_active(session, Menu, account_id, menu_id)
    found = await menus.present(session, [menu])
    if not found:
        raise NotFound
    return found[0]
