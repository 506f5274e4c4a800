"""Batches: made, copied, tested, started, paused, resumed and cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import account_rows, batch_results, batches, standalone
from database.queries.standalone import NewText
from database.tables import Batch, BatchUpload, Line, Skill
from domain.batches.hours import HoursSet, check_hours
from domain.batches.kinds import BatchStatus
from domain.batches.moves import Move, moved
from domain.batches.rows import BRAND, check_template, filled, placeholders
from domain.errors import Invalid, Unavailable
from domain.ids import OURS
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import bounding
from services.backends import Backends
from services.caller import Caller
from services.cards import refuse_card
from services.clock import shared_now, utc_now
from services.commanding.context import check_text
from services.first_texts import phone_of_ones_own
from services.notifying.inputs import NewBatch
from services.notifying.notifications import addressed
from services.opting_out import recorded_by
from temporal.batches import BatchClient, Waking

WOKEN_WITHIN = timedelta(seconds=30)
"""If Temporal cannot be told now, a worker tells it after this time. Ours."""

FARTHEST = timedelta(days=366)
"""How far ahead a batch may be planned. Ours: a year's notice, and a mistyped year is noticed."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class BatchShown:
    """A batch with its uploads."""

    batch: Batch
    uploads: Sequence[BatchUpload]


async def create(caller: Caller, session: AsyncSession, new: NewBatch) -> BatchShown:
    """Make a batch in draft. Recipients are added to it, then it is started.

    Raises `Invalid` for a text that could never be filled, a time too far ahead or hours that leave
    no time, `MessageEmpty`, `MessageTooLong`, and `NotFound` or `Conflict` for a line or skill that
    does not exist or is retired.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_write)
    check_template(new.text)
    if new.send_from is not None and new.send_from > utc_now() + FARTHEST:
        raise Invalid("A batch may be planned at most a year ahead.")
    to = await addressed(session, caller.account_id, new.line, new.skill)
    caller.require_skill(to.skill.id)
    refuse_card(to.account, new.text, new.consent_evidence or "")
    check_hours(HoursSet.of(to.account, new))
    by = recorded_by(caller)
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": caller.account_id,
        "line_id": to.line.id,
        "skill_id": to.skill.id,
        "context": new.context.read().model_dump(exclude_defaults=True),
        "agent_id": by.agent_id,
        "token_id": by.token_id,
    }
    kept = new.model_dump(exclude={"line", "skill", "context"})
    return BatchShown(await batches.add(session, values | kept), [])


async def copy(caller: Caller, session: AsyncSession, batch_id: UUID) -> BatchShown:
    """Make a draft with the text and all options of a batch, without its recipients.

    Raises `NotFound`, and `Conflict` if its line or its skill is retired.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_write)
    batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    again = NewBatch(
        title=batch.title,
        line=batch.line_id,
        skill=batch.skill_id,
        text=batch.text,
        look_back_seconds=batch.look_back_seconds,
        context=batch.context,
        window_from=batch.window_from,
        window_until=batch.window_until,
        consent_evidence=batch.consent_evidence,
        consent_column=batch.consent_column,
        adds_how_to_stop=batch.adds_how_to_stop,
    )
    return await create(caller, session, again)


async def listed(
    caller: Caller, session: AsyncSession, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Batch]:
    """Return batches, the newest first: managers in teams see those of their skills."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    return await batches.listed(session, caller.account_id, caller.led_skills, before, limit)


async def move(caller: Caller, backends: Backends, batch_id: UUID, wanted: Move) -> BatchShown:
    """Start, pause, resume or cancel a batch. Done again, it changes nothing.

    Texts that no worker has claimed are taken back by a pause or a cancellation, before this
    returns. Raises `NotFound`, and `Conflict` for a move that is not possible now.
    """
    async with backends.sessions.begin() as session:
        shown = await move_stored(caller, session, backends.sessions, batch_id, wanted)
    if shown.batch.started_at is not None:
        await wake(backends, batch_id, shown.batch.recipients)
    return shown


async def move_stored(
    caller: Caller, session: AsyncSession, sessions: Sessions, batch_id: UUID, wanted: Move
) -> BatchShown:
    """The same without telling the batch's workflow, which looks every second while it sends."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_write)
    batch = await batches.lock(session, caller.account_id, batch_id, caller.led_skills)
    target = moved(BatchStatus(batch.status), wanted)
    if target is BatchStatus.running and batch.started_at is None:
        await bounding.count_batch(caller, session, sessions, batch.line_id, batch.recipients)
    if target is not None:
        await _move(session, batch, target)
    return BatchShown(batch, await batches.uploads(session, batch_id))


async def _move(session: AsyncSession, batch: Batch, target: BatchStatus) -> None:
    now = await shared_now(session)
    values: dict[str, Any] = {"status": target.value, "stopped_because": None}
    if target is BatchStatus.running:
        await _check_may_run(session, batch)
        values |= {"started_at": batch.started_at or now, "due_at": now + WOKEN_WITHIN}
    elif target is BatchStatus.cancelled:
        await batches.cancel(session, batch, now)
        return
    else:
        await batches.take_back(session, batch)
        values["due_at"] = now  # retention reckons from then
    await batches.move(session, batch, **values)


async def _check_may_run(session: AsyncSession, batch: Batch) -> None:
    """Refuse to run a batch without recipients, or whose line or skill is retired."""
    if not batch.recipients:
        raise Invalid("The batch has no recipients yet.")
    await account_rows.find_active(session, Line, batch.account_id, batch.line_id)
    await account_rows.find_active(session, Skill, batch.account_id, batch.skill_id)
    if any(not upload.is_whole for upload in await batches.uploads(session, batch.id)):
        raise Invalid("A file was not read to its end. Upload it again to go on, then start.")


async def wake(backends: Backends, batch_id: UUID, recipients: int) -> None:
    """Tell the batch's workflow. If Temporal cannot be reached, a worker does so within minutes."""
    conversations = backends.conversations
    client = BatchClient(conversations.client, conversations.task_queue)
    try:
        async with backends.sessions() as session:
            never_ran = await batches.never_ran(session, batch_id, utc_now())
        await client.wake(Waking(batch_id, recipients, never_ran))
    except (Unavailable, *NOT_DONE):  # what was asked for stands all the same
        log.warning("batch_not_woken", batch_id=str(batch_id))


async def send_test(
    caller: Caller, session: AsyncSession, sessions: Sessions, batch_id: UUID, number: str
) -> str:
    """Send a batch's text to a number of one's own, as its first recipient gets it.

    It counts for nothing but the bounds, and waits for no reply; placeholders of a batch without
    recipients stay as they are. Returns the text. Raises `NotFound`, `NumberInvalid`,
    `NumberIsLandline`, `Conflict`, `ConsumerOptedOut`, `ConsumerBlocked`, `CountryNotAllowed`,
    `BoundReached`.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_write)
    batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    to = await addressed(session, caller.account_id, batch.line_id, batch.skill_id)
    consumer = await phone_of_ones_own(session, to.line, number)
    text = await batch_results.first_text(session, batch_id) or _unfilled(batch, to.account.brand)
    check_text(text)
    await bounding.count_within(caller, session, sessions, batch.line_id)
    now = await shared_now(session)
    new = NewText(
        id=uuid5(OURS, f"test/{batch_id}/{consumer.phone}/{now:%Y-%m-%dT%H:%M:%S}"),
        account_id=caller.account_id,
        line_id=batch.line_id,
        consumer_id=consumer.id,
        text=text,
        written_at=now,
    )
    await standalone.add(session, new)
    return text


def _unfilled(batch: Batch, brand: str) -> str:
    names = {name: "{" + name + "}" for name in placeholders(batch.text)}
    return filled(batch.text, {BRAND: brand, **names})
