"""What operators do about what is stuck. All of it may be done twice; each time is kept.

What terminates a workflow looks first whether it still hangs, because the page that was read may be
old: a conversation that works again is left alone.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import erasures, unsent_texts, watches
from database.queries.operating import actions, places
from database.queries.operating.places import Place
from database.queries.system_close import close_by_system
from database.tables import Erasure, OperatorAction
from domain.errors import NotFound, Unavailable
from domain.ids import line_of
from routing.reviving import Reviving
from services.backends import Backends
from services.operating.operator import Operating
from services.operating.troubles import Remedy
from temporal.kinds import OURS
from temporal.missed_runs import ScheduledRuns
from temporal.standings import Standing, standing_of
from temporal.versions import Run, Versions
from workflows.conversation.messages import WORKFLOW
from workflows.erasure.messages import workflow_id as erasure_workflow

log = structlog.stdlib.get_logger()


class Outcome(StrEnum):
    """What became of it."""

    done = "done"
    needless = "needless"
    """It was not necessary any more: nothing was done."""
    unavailable = "unavailable"
    """Temporal did not answer: nothing, or a part, was done. It can be done again."""


@dataclass(frozen=True)
class Asked:
    """What an operator asks for. `subject`: the id of a conversation, a workflow or a text."""

    remedy: Remedy
    subject: str
    address: str = ""
    """Of the operator's browser."""


Cure = Callable[[Backends, str], Awaitable[tuple[Outcome, str | None]]]
"""Does something to a subject; returns what became of it, and its account."""


async def free(operator: Operating, backends: Backends, asked: Asked) -> Outcome:
    """Do what an operator asks for, and keep it. Raises `NotFound` for what does not exist."""
    try:
        outcome, account_id = await CURES[asked.remedy](backends, asked.subject)
    except Unavailable:
        outcome, account_id = Outcome.unavailable, None
    log.warning(
        "operator_acted", operator=operator.id, remedy=str(asked.remedy), outcome=str(outcome)
    )
    done = OperatorAction(
        operator=operator.id,
        address=asked.address,
        remedy=str(asked.remedy),
        subject=asked.subject,
        account_id=account_id,
        outcome=str(outcome),
    )
    async with backends.sessions.begin() as session:
        await actions.add(session, done)
    return outcome


async def _revive(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    place = await _conversation(backends, subject)
    return await _looked_again(backends, place), place.account_id


async def _looked_again(backends: Backends, place: Place) -> Outcome:
    """Have the workflow of an open conversation go on from the newest step."""
    direct = backends.sessions.direct
    thread = await watches.thread_of(direct, place.conversation_id)
    if thread is None or not await watches.still_open(direct, [place.conversation_id]):
        return Outcome.needless
    await Reviving(backends.sessions, backends.conversations).look_again(thread)
    return Outcome.done


async def _restart(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    if not line_of(subject):
        return await _restart_other(backends, subject)
    place = await _newest(backends, subject)
    account_id = place.account_id if place else None
    standing = await standing_of(backends.conversations.client, subject)
    if standing.is_running and not standing.is_failing:
        return Outcome.needless, account_id
    await backends.conversations.terminate(subject)
    if place is not None:  # else a text that is handed over again starts it
        await _looked_again(backends, place)
    return Outcome.done, account_id


async def _restart_other(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    """Terminate a failing workflow of other work, or a late erasure's.

    Workers start it again. What a schedule began would wait for its next time: it is run now.
    """
    now = await backends.sessions.clock.now()
    async with backends.sessions() as session:
        late = await _late_erasure(session, subject, now)
    if late is not None:
        await backends.conversations.terminate(subject)
        async with backends.sessions.begin() as session:
            await erasures.make_due(session, late.id, now)
        return Outcome.done, late.account_id
    if not (await _standing_of_ours(backends, subject)).is_failing:
        return Outcome.needless, None
    runs = ScheduledRuns(backends.conversations.client)
    scheduled = await runs.run_of(subject)
    await backends.conversations.terminate(subject)
    if scheduled is not None:
        await runs.run_again(scheduled)
    return Outcome.done, None


async def _late_erasure(session: AsyncSession, subject: str, now: datetime) -> Erasure | None:
    late = await erasures.late(session, now, watches.MOST)
    named = {erasure_workflow(one.account_id, one.consumer_id): one for one in late}
    return named.get(subject)


async def _run_again(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    """Do the work of a schedule's run that did not do it. Others are not ours to touch."""
    runs = ScheduledRuns(backends.conversations.client)
    missed = {one.workflow_id: one for one in (await runs.missed()).runs}
    if subject not in missed:
        return Outcome.needless, None
    await runs.run_again(missed[subject])
    return Outcome.done, None


async def _standing_of_ours(backends: Backends, subject: str) -> Standing:
    """Return how a workflow of other work stands now; Temporal's list is late by seconds.

    Raises `NotFound` for what is no workflow of ours: others are not for operators to touch here.
    """
    standing = await standing_of(backends.conversations.client, subject)
    if standing.kind not in OURS:
        raise NotFound("There is no such workflow.")
    return standing


async def _move(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    client = backends.conversations.client
    if line_of(subject):
        account_id = await _account_of(backends, subject)
        standing, needs_it = await standing_of(client, subject), True
    else:
        account_id = None
        standing = await _standing_of_ours(backends, subject)
        needs_it = standing.is_failing
    if not needs_it or not standing.is_running or standing.version is None:
        return Outcome.needless, account_id
    await Versions(client).free(Run(subject, WORKFLOW))
    return Outcome.done, account_id


async def _hand_over(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    given = await watches.give_back_one(backends.sessions.direct, _id(subject))
    return (Outcome.done, given) if given else (Outcome.needless, None)


async def _look(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    account_id = await _account_of(backends, subject)
    if not await backends.conversations.is_running(subject):
        return Outcome.needless, account_id
    await backends.conversations.look_if_running(subject)
    return Outcome.done, account_id


async def _end(backends: Backends, subject: str) -> tuple[Outcome, str | None]:
    place = await _of_either(backends, subject)
    if not await watches.is_open(backends.sessions.direct, place.conversation_id):
        return Outcome.needless, place.account_id
    if await _works(backends, place):
        return Outcome.needless, place.account_id
    await backends.conversations.terminate(place.workflow_id)
    closed = await close_by_system(backends.sessions, place.conversation_id)
    return (Outcome.done if closed else Outcome.needless), place.account_id


async def _works(backends: Backends, place: Place) -> bool:
    """Say whether a workflow runs, does not fail, and leaves none of its texts alone."""
    standing = await standing_of(backends.conversations.client, place.workflow_id)
    if not standing.is_running or standing.is_failing:
        return False
    now = await backends.sessions.clock.now()
    async with backends.sessions() as session:
        alone = await unsent_texts.left_alone(session, now, watches.MOST)
    return all(one.conversation_id != place.conversation_id for one in alone)


CURES: Mapping[Remedy, Cure] = {
    Remedy.revive: _revive,
    Remedy.restart: _restart,
    Remedy.move: _move,
    Remedy.hand_over: _hand_over,
    Remedy.look: _look,
    Remedy.run_again: _run_again,
    Remedy.end: _end,
}


async def place_of(_: Operating, backends: Backends, subject: str) -> Place:
    """Return which conversation would be ended. Raises `NotFound`."""
    return await _of_either(backends, subject)


async def _of_either(backends: Backends, subject: str) -> Place:
    """Return the conversation with an id, or the newest one of a workflow. Raises `NotFound`."""
    if "/" in subject:
        found = await _newest(backends, subject)
        if found is None:
            raise NotFound("There is no such workflow.")
        return found
    return await _conversation(backends, subject)


async def _conversation(backends: Backends, subject: str) -> Place:
    wanted = _id(subject)
    async with backends.sessions() as session:
        found = await places.of_conversations(session, [wanted])
    if wanted not in found:
        raise NotFound("There is no such conversation.")
    return found[wanted]


async def _newest(backends: Backends, workflow_id: str) -> Place | None:
    """Return the newest conversation of a workflow; one may run without. Raises `NotFound`.

    What is no conversation's workflow is not for operators to end here.
    """
    if not line_of(workflow_id):
        raise NotFound("There is no such workflow.")
    async with backends.sessions() as session:
        return (await places.of_workflows(session, [workflow_id])).get(workflow_id)


async def _account_of(backends: Backends, workflow_id: str) -> str | None:
    place = await _newest(backends, workflow_id)
    return place.account_id if place else None


def _id(subject: str) -> UUID:
    try:
        return UUID(subject)
    except ValueError:
        raise NotFound("There is nothing with this id.") from None
