"""Erasures of numbers: what is there is said first, then it is asked for, and followed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing import rows
from database.erasing.rows import About
from database.erasing.tables import PERSONAL
from database.queries import audit, consumers, erasures, retention
from database.queries.retention import WouldGo
from database.tables import Consumer, Erasure
from domain.erasure.kinds import LONGEST_REASON, SHORTEST_REASON, ErasureStatus
from domain.erasure.sought import sought
from domain.errors import Conflict, Invalid, NotFound, Unavailable
from domain.numbers.phone_numbers import address_of, check_has_country
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.settings.auditing import Action
from services.backends import Backends
from services.caller import Caller
from services.clock import shared_now, utc_now
from services.installation import Installation
from services.opting_out import recorded_by
from temporal.erasures import ErasureClient

SUBJECT = "erasure"
COUNTED = 10_000
"""Of each kind, before a number of days is saved. Ours: half a second, and as good as more."""
STARTED_WITHIN = timedelta(seconds=30)
"""If Temporal cannot be told now, a worker tells it after this time. Ours."""
SHOWN = (
    *("conversation", "message", "media_file", "inbound", "batch_recipient", "phone_call"),
    *("consent_event", "invitation"),
)
"""What is said to be there. The rest follows from these."""


@dataclass(frozen=True)
class WhoseNumber:
    """Which numbers: by a consumer's id, or a number in any spelling.

    `with_merged`: with all numbers that were found to be the same consumer's.
    """

    consumer_id: UUID | None = None
    number: str | None = None
    with_merged: bool = False


@dataclass(frozen=True)
class Held:
    """What is held about a consumer: numbers of things by kind."""

    consumer: Consumer
    numbers: Sequence[Consumer]
    merged: int
    """How many other numbers are the same consumer's."""
    counts: Mapping[str, int]


async def held(caller: Caller, session: AsyncSession, whose: WhoseNumber) -> Held:
    """Return what is held about a number. Raises `NotFound`, `NumberInvalid`, `Invalid`."""
    _check(caller, TokenScope.erasures_read)
    consumer, all_of_them = await _found(caller, session, whose)
    wanted = all_of_them if whose.with_merged else [consumer]
    about = await about_all(session, caller.account_id, wanted)
    counts: dict[str, int] = {}
    for name in SHOWN:
        kind = PERSONAL[name].kind
        counts[kind] = counts.get(kind, 0) + await rows.count(session, name, about)
    return Held(consumer, wanted, len(all_of_them) - 1, counts)


async def ask(caller: Caller, backends: Backends, whose: WhoseNumber, reason: str) -> Erasure:
    """Erase everything about a number. Asked again while it goes on, it returns the same.

    It goes on by itself, also if Temporal cannot be reached now. Raises what `held` raises, and
    `Conflict` where the one that goes on leaves out other numbers that are asked for now.
    """
    _check(caller, TokenScope.erasures_write)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON or "\0" in reason:
        raise Invalid(f"A reason has {SHORTEST_REASON} to {LONGEST_REASON} characters.")
    async with backends.sessions.begin() as session:
        erasure = await _asked(caller, session, whose, reason)
    with suppress(Unavailable):  # a worker starts it in half a minute
        client = backends.conversations
        await ErasureClient(client.client, client.task_queue).start(
            erasure.account_id, erasure.consumer_id, erasure.id
        )
    return erasure


async def _asked(caller: Caller, session: AsyncSession, whose: WhoseNumber, reason: str) -> Erasure:
    consumer, all_of_them = await _found(caller, session, whose, locks=True)
    ids = [one.id for one in (all_of_them if whose.with_merged else [consumer])]
    if known := await erasures.under_way(session, consumer.id):
        return _same_or_wider(known, ids)
    by, now = recorded_by(caller), await shared_now(session)
    erasure = Erasure(
        id=uuid4(),
        account_id=caller.account_id,
        consumer_id=consumer.id,
        consumer_ids=[str(one) for one in ids],
        numbers=await erasures.numbers(session, ids),
        reason=reason,
        status=str(ErasureStatus.closing),
        counts={},
        agent_id=by.agent_id,
        token_id=by.token_id if caller.proof.secret_hash else None,  # the installation has none
        asked_at=now,
        due_at=now + STARTED_WITHIN,
    )
    session.add(erasure)
    await session.flush()
    await audit.record(session, caller.account_id, Action.added, SUBJECT, str(erasure.id))
    return erasure


def _same_or_wider(known: Erasure, ids: Sequence[UUID]) -> Erasure:
    if not {str(one) for one in ids} <= set(known.consumer_ids):
        raise Conflict(
            "This number is being erased already, without the consumer's other numbers. "
            "Ask for each of those by itself."
        )
    return known


async def listed(
    caller: Caller, session: AsyncSession, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Erasure]:
    """Return the account's erasures, the latest first."""
    _check(caller, TokenScope.erasures_read)
    return await erasures.listed(session, caller.account_id, before, limit)


async def find(caller: Caller, session: AsyncSession, erasure_id: UUID) -> Erasure:
    """Return an erasure with how far it is. Raises `NotFound`."""
    _check(caller, TokenScope.erasures_read)
    return await erasures.find(session, caller.account_id, erasure_id)


async def numbers_of(
    caller: Caller, session: AsyncSession, whose: WhoseNumber, scope: TokenScope
) -> tuple[Consumer, Sequence[Consumer]]:
    """Return the consumer who is asked for, and which of their numbers are meant.

    Raises `NotFound`, `NumberInvalid`, `Invalid`.
    """
    _check(caller, scope)
    consumer, all_of_them = await _found(caller, session, whose)
    return consumer, all_of_them if whose.with_merged else [consumer]


async def would_go(
    caller: Caller, session: AsyncSession, days: int | None, skill_id: str | None = None
) -> WouldGo:
    """Count by kind, up to `COUNTED`, what would lose its content at once if an account, or one of
    its skills, kept things for so many days; None: what holds without a number. Raises `Invalid`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_read)
    check_setting("retention_days", days)
    return await retention.would_go(
        session, caller.account_id, skill_id, days, utc_now(), most=COUNTED
    )


async def accounts_of(_: Installation, session: AsyncSession, number: str) -> Sequence[str]:
    """Return the accounts that hold something about a number.

    Raises `NotFound`, `NumberInvalid`.
    """
    found = await consumers.accounts_of(session, address_of(number).key)
    if not found:
        raise _nothing_about(number)
    return found


async def about_all(session: AsyncSession, account_id: str, wanted: Sequence[Consumer]) -> About:
    """Return what is sought about some numbers."""
    ids = [one.id for one in wanted]
    theirs = await erasures.conversations(session, ids)
    return About(account_id, theirs, ids, sought([(one.phone, one.number) for one in wanted]))


async def _found(
    caller: Caller, session: AsyncSession, whose: WhoseNumber, *, locks: bool = False
) -> tuple[Consumer, Sequence[Consumer]]:
    """Return the consumer asked for, and all numbers that are theirs."""
    if (whose.consumer_id is None) == (whose.number is None):
        raise Invalid("Name either a consumer or a number.")
    if whose.number is not None:
        key = address_of(whose.number).key
        consumer = await consumers.known_by(session, caller.account_id, key)
    elif whose.consumer_id is not None:
        consumer = await consumers.find(session, caller.viewer, whose.consumer_id)
    if consumer is None or consumer.erased_at is not None:
        raise _nothing_about(whose.number)
    if locks:
        await session.refresh(consumer, with_for_update=True)
    return consumer, await consumers.all_numbers(session, consumer.id)


def _nothing_about(number: str | None) -> NotFound:
    """Return what says that nothing is held; raises `NumberInvalid` where that would be no answer:
    a number without its country is not the one that is held.
    """
    if number is not None:
        check_has_country(number)
    return NotFound("Nothing is held about this number.")


def _check(caller: Caller, scope: TokenScope) -> None:
    caller.require(Role.admin)
    caller.require_scope(scope)
