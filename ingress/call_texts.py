"""What a call may lead to: a text to its caller, and the record that they asked for it.

Everything happens in the transaction of whoever calls, with the call's row locked: two processes
that get the same webhook write one text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import in_session
from database.queries import calls, consent, consumers, invitations, standings
from database.queries.consent import Consenting, Recorded
from database.queries.invitations import NewInvitation
from database.queries.quiet_hours import hours_in
from database.queries.standalone import NewText
from database.tables import Account, Consumer, Line, PhoneCall
from domain.calls.callers import Caller, caller_of
from domain.calls.course import MOST_WITHIN, ONCE_WITHIN, TOO_LATE, Course, Ending
from domain.calls.dialogue import Speaker
from domain.calls.evidence import Evidence
from domain.calls.kinds import WhyNot, Wording
from domain.calls.menu import Design
from domain.consent.first_texts import FirstTextCheck, checked
from domain.consent.gates import barred
from domain.consent.quiet_hours import held_until
from domain.consent.sources import ConsentSource
from domain.erasure.kinds import ERASED_CALLER
from domain.errors import (
    ConsentMissing,
    ConsumerBlocked,
    ConsumerOptedOut,
    DomainError,
    MessageTooLong,
)
from domain.ids import call_text_id
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context

REASON = "Phone call"
REASONS: Mapping[type[DomainError], WhyNot] = {
    ConsumerOptedOut: WhyNot.opted_out,
    ConsumerBlocked: WhyNot.blocked,
    ConsentMissing: WhyNot.consent_missing,
}
"""Why a caller gets no text, by what refuses any text of ours."""


@dataclass(frozen=True)
class Texting:
    """The account and the line that text a caller, and the words. `title`: the menu's name."""

    account: Account
    line: Line
    design: Design
    title: str

    @property
    def speaker(self) -> Speaker:
        return Speaker(self.design, self.account.brand, self.line.address)


async def texting(
    session: AsyncSession, account_id: str, design: Design, title: str
) -> Texting | None:
    """Return who texts the callers of a menu; None if its line is no longer there."""
    line, account = await session.get(Line, design.line), await session.get(Account, account_id)
    if line is None or account is None or line.account_id != account_id:
        return None
    return Texting(account, line, design, title)


async def standing(session: AsyncSession, by: Texting, caller: Caller) -> WhyNot | None:
    """Return why a caller who asks for a text gets none; None: they get one."""
    if caller.phone is None or caller.why_not:
        return caller.why_not or WhyNot.hidden
    if by.line.retired_at is not None:
        return WhyNot.line_retired
    consumer = await consumers.known_by(session, by.account.id, caller.phone.key)
    return await _barred(session, by, consumer) if consumer else None


async def ask(
    session: AsyncSession, by: Texting, call: PhoneCall, evidence: Evidence
) -> WhyNot | None:
    """Text a caller who asked for it, now, and record that they did; returns why not.

    A text that somebody asked for leaves in quiet hours, too. Repeated, it changes nothing. Of a
    caller who was erased during the call nothing is kept.
    """
    if call.caller == ERASED_CALLER:
        return WhyNot.hidden
    if by.account.masks_cards:
        evidence = evidence.without_cards()
    caller, is_first = caller_of(call.caller), call.asked_at is None
    if call.message_id is None:
        call.why_not = await standing(session, by, caller)
    if is_first:
        call.asked_at, call.asked = evidence.at, evidence.model_dump(mode="json")
        call.language = evidence.language
    call.text_due_at = None
    if caller.phone is None or call.why_not:
        return WhyNot(call.why_not) if call.why_not else None
    consumer = await consumers.with_phone(session, call.account_id, caller.phone)
    if is_first:
        who = Consenting(call.account_id, consumer.id, by.line.id)
        by_press = Recorded(
            ConsentSource.call, text=evidence.heard, evidence=evidence.sentence(str(call.id))
        )
        await consent.record_wish(session, who, by_press)
    if call.message_id is None:
        await _write(session, by, call, consumer, Wording.text, evidence.at)
    return None


async def answer_missed(session: AsyncSession, by: Texting, call: PhoneCall, now: datetime) -> None:
    """Text the caller of a missed call, put it off for quiet hours, or keep why it is not sent."""
    call.text_due_at = None
    if call.message_id or not course_of(call).was_missed:
        return
    caller = caller_of(call.caller)
    call.why_not = await standing(session, by, caller)
    if caller.phone is None or call.why_not:
        return
    consumer = await consumers.with_phone(session, call.account_id, caller.phone)
    await calls.lock_consumer(session, consumer.id)
    call.why_not = await _unasked(session, by, consumer, now)
    if call.why_not:
        return
    wait_until = await _quiet_until(session, call.account_id, consumer, now)
    if wait_until is None:
        await _write(session, by, call, consumer, Wording.missed_text, now)
    elif wait_until > (call.ended_at or now) + TOO_LATE:
        call.why_not = WhyNot.too_late
    else:
        call.text_due_at = wait_until


def course_of(call: PhoneCall) -> Course:
    """Return what is known of a call."""
    return Course(
        ending=Ending(call.ending) if call.ending else None,
        asked_at=call.asked_at,
        connected_at=call.connected_at,
        passed_on_at=call.passed_on_at,
    )


async def _barred(session: AsyncSession, by: Texting, consumer: Consumer) -> WhyNot | None:
    known = await standings.of_one(session, by.line.id, consumer.id)
    if refusal := barred(known, needs_consent=False):
        return REASONS[refusal]
    texted = await calls.texted_within(session, consumer.id, datetime.now(UTC), ONCE_WITHIN)
    return WhyNot.texted_often if texted >= MOST_WITHIN else None


async def _unasked(
    session: AsyncSession, by: Texting, consumer: Consumer, now: datetime
) -> WhyNot | None:
    """Return why a text that nobody asked for is not sent. A missed call is no consent."""
    known = await standings.of_one(session, by.line.id, consumer.id)
    if refusal := barred(known, needs_consent=by.account.needs_consent):
        return REASONS[refusal]
    if await calls.texted_within(session, consumer.id, now, ONCE_WITHIN):
        return WhyNot.texted_today
    return None


async def _quiet_until(
    session: AsyncSession, account_id: str, consumer: Consumer, now: datetime
) -> datetime | None:
    found = await hours_in(in_session(session), account_id, consumer.id)
    hold = held_until(found[0], now, found[1]) if found else None
    return hold.until if hold else None


async def _write(
    session: AsyncSession,
    by: Texting,
    call: PhoneCall,
    consumer: Consumer,
    wording: Wording,
    now: datetime,
) -> None:
    """Queue the one text of a call, as an invitation: a reply opens the conversation."""
    text = NewText(
        id=call_text_id(call.id),
        account_id=call.account_id,
        line_id=by.line.id,
        consumer_id=consumer.id,
        text=complete(by, call.own_text or by.speaker.fill(wording, call.language), call.language),
        written_at=now,
        maybe_sent_since=call.maybe_sent_since,
    )
    new = NewInvitation(
        text=text,
        kind=OriginKind.call,
        origin_id=str(call.id),
        title=by.title,
        skill_id=call.skill_id,
        look_back=timedelta(seconds=call.look_back_seconds),
        context=Context(reason=REASON, note=note_of(call, wording)),
    )
    await invitations.invite(session, new)
    call.consumer_id, call.message_id, call.texted_at = consumer.id, text.id, now
    await session.flush()


def complete(by: Texting, text: str, language: str) -> str:
    """Return a text with the brand and the way to stop, unless the account has turned that off."""
    check = FirstTextCheck(by.account.first_text_check)
    if check is FirstTextCheck.off:
        return text
    try:
        return checked(text, by.account.brand, language, FirstTextCheck.append)
    except MessageTooLong:
        return text


def note_of(call: PhoneCall, wording: Wording) -> str:
    """Return for the agent what the caller did."""
    called = f" to {call.called}" if call.called else ""
    began = f"The consumer's call{called} at {call.began_at:%Y-%m-%d %H:%M} UTC"
    if wording is Wording.missed_text:
        return f"{began} was missed."
    heard = Evidence.model_validate(call.asked)
    how = f"pressed {heard.heard}" if heard.by == "keys" else f'said "{heard.heard}"'
    return f"{began}: they {how} to continue by text."
