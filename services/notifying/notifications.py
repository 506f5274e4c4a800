"""One automated text to one consumer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, accounts, consent_ledger, consumers, notifications
from database.queries.consent import Recorded
from database.queries.invitations import NewInvitation, invite
from database.queries.notifications import SentNotification
from database.queries.standalone import NewText
from database.tables import Account, Consumer, Line, Skill
from domain.batches.hours import HoursSet, own_hours
from domain.batches.numbers import is_landline
from domain.batches.rows import BRAND, check_template, filled, placeholders
from domain.consent.ledger import ImportedConsent
from domain.consent.quiet_hours import held_until
from domain.errors import Invalid, NotFound, NumberIsLandline
from domain.ids import OURS
from domain.numbers.phone_numbers import Address, phone_of
from domain.origins.kinds import OriginKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import bounding
from services.caller import Caller
from services.cards import refuse_card
from services.clock import utc_now
from services.commanding.context import check_text
from services.first_texts import text_that_may_leave
from services.notifying.inputs import NewNotification
from services.once import Key, command_key
from services.opting_out import recorded_by


@dataclass(frozen=True)
class Addressed:
    """A line, the skill for replies, and the account, all in use."""

    account: Account
    line: Line
    skill: Skill


async def notify(
    caller: Caller, session: AsyncSession, sessions: Sessions, key: Key, new: NewNotification
) -> SentNotification:
    """Send a text that opens no conversation until the consumer replies. Once per key.

    It is held over the quiet hours of the consumer's place, and asked about again when it leaves.
    Raises `NumberInvalid`, `NumberIsLandline`, `ConsumerOptedOut`, `ConsumerBlocked`,
    `ConsentMissing`, `Invalid`, `MessageEmpty`, `MessageTooLong`, and `NotFound` or `Conflict` for
    a line or skill that does not exist or is retired, `NotAllowed` for a skill that is none of the
    caller's teams'.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.notifications_write)
    notification_id = uuid5(
        OURS, f"notification/{caller.account_id}/{command_key(caller, key.value)}"
    )
    known = await notifications.find_any(session, caller.account_id, notification_id)
    if known is not None:  # the answer was lost, or has expired
        return known
    phone = phone_of(new.number)
    if is_landline(phone.written):
        raise NumberIsLandline
    to = await addressed(session, caller.account_id, new.line, new.skill)
    if caller.led is not None:
        caller.require_skill(to.skill.id)
    text = _text(new, to.account.brand)
    refuse_card(to.account, text)
    consumer = await consumers.with_phone(session, caller.account_id, phone)
    if new.consent_evidence:
        await _record(caller, session, phone, new.consent_evidence)
    text = await text_that_may_leave(session, to.account, to.line, consumer, text)
    await bounding.count_within(caller, session, sessions, to.line.id)
    leaves_at = _leaves_at(consumer.number, to.account, await sessions.clock.now())
    invitation = _invitation(notification_id, new, to, consumer, text, leaves_at)
    await invite(session, invitation)
    return await notifications.find(session, caller.account_id, notification_id)


def _invitation(
    notification_id: UUID,
    new: NewNotification,
    to: Addressed,
    consumer: Consumer,
    text: str,
    leaves_at: datetime,
) -> NewInvitation:
    written = NewText(
        id=notification_id,
        account_id=to.account.id,
        line_id=to.line.id,
        consumer_id=consumer.id,
        text=text,
        written_at=leaves_at,
    )
    return NewInvitation(
        text=written,
        kind=OriginKind.notification,
        origin_id=str(notification_id),
        title=new.title,
        skill_id=to.skill.id,
        look_back=timedelta(seconds=new.look_back_seconds),
        context=new.context.read(),
    )


async def show(caller: Caller, session: AsyncSession, notification_id: UUID) -> SentNotification:
    """Return a notification, and what became of it. Raises `NotFound`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.notifications_read)
    found = await notifications.find(session, caller.account_id, notification_id)
    if caller.led is not None and found.skill_id not in caller.led.skills:
        raise NotFound
    return found


async def addressed(
    session: AsyncSession, account_id: str, line_id: str, skill_id: str | None
) -> Addressed:
    """Return a line, the skill for replies and the account. Raises `NotFound`, `Conflict`."""
    line = await account_rows.find_active(session, Line, account_id, line_id)
    wanted = skill_id or line.entry_skill_id
    skill = await account_rows.find_active(session, Skill, account_id, wanted)
    return Addressed(await accounts.find(session, account_id), line, skill)


def _text(new: NewNotification, brand: str) -> str:
    check_template(new.text)
    values = {" ".join(name.split()).casefold(): value for name, value in new.values.items()}
    missing = [name for name in placeholders(new.text) if not values.get(name, "").strip()]
    if missing:
        raise Invalid(f"values lacks {', '.join(missing)}, which the text names.")
    text = filled(new.text, {BRAND: brand, **values})
    check_text(text)
    return text


async def _record(caller: Caller, session: AsyncSession, phone: Address, evidence: str) -> None:
    """Record the consent that the caller names, as an import of consent does."""
    given = ImportedConsent(phone, "opted_in", "account", utc_now(), evidence, None)
    by: Recorded = recorded_by(caller)
    await consent_ledger.add(session, caller.account_id, consent_ledger.packed([given]), by)


def _leaves_at(number: str, account: Account, now: datetime) -> datetime:
    own = own_hours(HoursSet.of(account))
    hold = held_until(number, now, own) if own else None
    return hold.until if hold else now
