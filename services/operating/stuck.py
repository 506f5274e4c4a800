"""What is stuck, of all accounts: the one finding that the status page and the command line show.

It asks what the watches and `switchboard doctor` ask, by the same functions, so that all agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from database.queries import erasures, unsent_texts, watches
from database.queries.operating import places
from database.queries.operating.places import HardToSend, Names, Place
from database.queries.unsent_texts import LeftAlone
from database.tables import Erasure
from domain.errors import Unavailable
from domain.ids import ConsumerId, LineId, line_of, workflow_id
from routing.unmatched import Unmatched, still_unmatched, unmatched
from services.backends import Backends
from services.operating.operator import Operating
from services.operating.troubles import REMEDIES, Remedy, Trouble
from temporal.conversations import FailingUnknown
from temporal.missed_runs import UNKNOWN, Missed, MissedRun, ScheduledRuns
from temporal.standings import GONE, Standing, failing_since, standings_of
from temporal.versions import Versions
from workflows.erasure.messages import WORKFLOW as ERASURE
from workflows.erasure.messages import workflow_id as erasure_workflow

SHOWN = 50
"""Findings of one kind that are looked at one by one. Ours: the others are counted."""


@dataclass(frozen=True)
class Stuck:
    """Something that is stuck. `subject`: the id that its remedies take.

    `since`: as far as it is known. `version`: the build id that its workflow stays on.
    """

    trouble: Trouble
    subject: str
    workflow_id: str
    conversation_id: UUID | None
    account_id: str | None
    line_id: str | None
    since: datetime | None
    tries: int
    version: str | None
    remedies: Sequence[Remedy]
    code: str | None = None
    """Of a text's last failure."""
    kind: str | None = None
    """The type of its workflow, if that is known."""

    def subject_of(self, remedy: Remedy) -> str:
        """Return the id that a remedy takes: a text's workflow is moved, and not the text."""
        return self.workflow_id if remedy is Remedy.move else self.subject


@dataclass(frozen=True)
class Findings:
    """All that is stuck now. `counts` has also those beyond `SHOWN`."""

    found: Sequence[Stuck]
    counts: Mapping[Trouble, int]
    names: Names
    temporal_answers: bool
    knows_failing: bool = True
    """False where Temporal answers and cannot list workflows whose tasks fail."""
    runs: Missed = UNKNOWN
    """Of how many schedules it is known whether their last run did its work."""

    def of(self, trouble: Trouble) -> Sequence[Stuck]:
        return [one for one in self.found if one.trouble is trouble]

    @property
    def is_whole(self) -> bool:
        """Say whether all was examined that can be stuck in Temporal."""
        return self.knows_failing and self.runs.is_whole

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Listed:
    """What is found in Temporal's lists, which lag."""

    uneven: Unmatched
    failing: Sequence[str]
    missed: Missed


NOTHING = _Listed(Unmatched([], []), [], UNKNOWN)
"""What is listed without Temporal."""


@dataclass(frozen=True)
class _Asked:
    """The first `SHOWN` of each list, without those of which their workflows say otherwise."""

    uneven: Unmatched
    failing_since: Mapping[str, datetime | None]
    standings: Mapping[str, Standing]
    """Of all that answered."""
    current: str | None
    """The version of workers that is current."""


@dataclass(frozen=True)
class _Seen:
    """What the two sides say. Without Temporal, its part is empty."""

    asked: _Asked
    by_conversation: Mapping[UUID, Place]
    by_workflow: Mapping[str, Place]
    names: Names

    def standing_of(self, workflow: str) -> Standing:
        return self.asked.standings.get(workflow, GONE)


async def find(_: Operating, backends: Backends) -> Findings:
    """Return all that is stuck, from the database and from Temporal.

    Raises `Unavailable` when Temporal does not answer, and the errors of the database.
    """
    direct, conversations = backends.sessions.direct, backends.conversations
    # One after the other, so that nothing goes on when the first of them is refused.
    try:
        failing, knows_failing = await conversations.stuck(), True
    except FailingUnknown:  # of a server that is too old
        failing, knows_failing = [], False
    uneven = await unmatched(direct, conversations)
    # A workflow that fails before its first step is named once, and not as one without a row, too.
    uneven = Unmatched(uneven.rows, [one for one in uneven.workflows if one not in failing])
    try:
        missed = await ScheduledRuns(conversations.client).missed()
    except Unavailable:  # the rest is shown all the same
        missed = UNKNOWN
    listed = _Listed(uneven, failing, missed)
    found = await _findings(backends, listed, temporal_answers=True)
    return replace(found, knows_failing=knows_failing)


async def find_without_temporal(_: Operating, backends: Backends) -> Findings:
    """Return what the database alone says is stuck, while Temporal does not answer."""
    return await _findings(backends, NOTHING, temporal_answers=False)


async def _findings(backends: Backends, listed: _Listed, *, temporal_answers: bool) -> Findings:
    lost = await watches.lost_texts(backends.sessions.direct)
    texts = [_workflow_of(text) for text in lost[:SHOWN]] if temporal_answers else []
    asked = await _asked(backends, listed, texts, temporal_answers=temporal_answers)
    async with backends.sessions() as session:
        now = await backends.sessions.clock.now()
        alone = await unsent_texts.left_alone(session, now, watches.MOST)
        hard = await places.hard_to_send(session, watches.MOST)
        late = await erasures.late(session, now, watches.MOST)
        names = await places.names(session)
        rows = [one.conversation_id for one in asked.uneven.rows]
        by_conversation = await places.of_conversations(
            session, [*rows, *(one.conversation_id for one in alone[:SHOWN] if one.conversation_id)]
        )
        named = [*asked.failing_since, *asked.uneven.workflows]
        by_workflow = await places.of_workflows(session, named)
    seen = _Seen(asked, by_conversation, by_workflow, names)
    found = [
        *(*_failing(seen), *_without_workflow(seen), *(_lost(one, seen) for one in lost[:SHOWN])),
        *(*_left_alone(alone[:SHOWN], by_conversation), *(_hard(one) for one in hard[:SHOWN])),
        *(*_idle(seen), *(_late(one) for one in late[:SHOWN])),
        *(_missed(one) for one in listed.missed.runs[:SHOWN]),
    ]
    counts = _counts(listed, asked) | {
        Trouble.text_lost: len(lost),
        Trouble.left_alone: len(alone),
        Trouble.hard_to_send: len(hard),
        Trouble.erasure_late: len(late),
    }
    return Findings(found, counts, names, temporal_answers, runs=listed.missed)


async def _asked(
    backends: Backends, listed: _Listed, others: Sequence[str], *, temporal_answers: bool
) -> _Asked:
    """Ask workflows that are listed how they stand, and `others`. Raises `Unavailable`."""
    client, failing = backends.conversations.client, listed.failing[:SHOWN]
    shown = Unmatched(listed.uneven.rows[:SHOWN], listed.uneven.workflows[:SHOWN])
    of_rows = [one.workflow_id for one in shown.rows]
    standings = await standings_of(client, [*of_rows, *failing, *shown.workflows, *others])
    runs = {workflow: standing.is_running for workflow, standing in standings.items()}
    uneven = await still_unmatched(backends.sessions.direct, shown, runs)
    failing = [workflow for workflow in failing if runs.get(workflow, True)]
    since = await failing_since(client, {one: standings.get(one, GONE) for one in failing})
    current = await Versions(client).current() if temporal_answers else None
    return _Asked(uneven, since, standings, current)


def _counts(listed: _Listed, asked: _Asked) -> dict[Trouble, int]:
    """Count what Temporal knows of: what was asked and stays, and what is only listed."""
    rows, workflows = listed.uneven.rows[SHOWN:], listed.uneven.workflows[SHOWN:]
    return {
        Trouble.failing: len(asked.failing_since) + len(listed.failing[SHOWN:]),
        Trouble.no_workflow: len(asked.uneven.rows) + len(rows),
        Trouble.nothing_open: len(asked.uneven.workflows) + len(workflows),
        Trouble.missed_run: len(listed.missed.runs),
    }


def _failing(seen: _Seen) -> Iterable[Stuck]:
    for workflow, since in seen.asked.failing_since.items():
        yield _of_workflow(Trouble.failing, workflow, seen, since)


def _idle(seen: _Seen) -> Iterable[Stuck]:
    for workflow in seen.asked.uneven.workflows:
        began_at = seen.standing_of(workflow).began_at
        yield _of_workflow(Trouble.nothing_open, workflow, seen, began_at)


def _of_workflow(trouble: Trouble, workflow: str, seen: _Seen, since: datetime | None) -> Stuck:
    standing = seen.standing_of(workflow)
    place, line = seen.by_workflow.get(workflow), line_of(workflow)
    is_open = place is not None and place.status != "closed"
    return Stuck(
        trouble=trouble,
        subject=workflow,
        workflow_id=workflow,
        conversation_id=place.conversation_id if place else None,
        account_id=place.account_id if place else seen.names.account_of.get(line),
        line_id=place.line_id if place else line or None,
        since=since,
        tries=standing.tries,
        version=standing.version,
        kind=standing.kind,
        remedies=[
            one
            for one in REMEDIES[trouble]
            if _fits(one, standing, seen.asked.current, is_open=is_open)
        ],
    )


def _fits(remedy: Remedy, standing: Standing, current: str | None, *, is_open: bool) -> bool:
    if remedy is Remedy.move:
        return standing.version not in (None, current)
    return is_open or remedy is not Remedy.end


def _without_workflow(seen: _Seen) -> Iterable[Stuck]:
    for row in seen.asked.uneven.rows:
        place = seen.by_conversation.get(row.conversation_id)
        if place is not None:
            since = seen.standing_of(row.workflow_id).ended_at or place.at
            yield _of_conversation(Trouble.no_workflow, place, since)


def _left_alone(alone: Iterable[LeftAlone], at: Mapping[UUID, Place]) -> Iterable[Stuck]:
    for one in alone:
        if one.conversation_id is None:
            yield _standalone(one)
        elif (place := at.get(one.conversation_id)) is not None:
            yield _of_conversation(Trouble.left_alone, place, one.since)


def _standalone(text: LeftAlone) -> Stuck:
    """Return a text of no conversation: any worker sends it, so there is nothing to press."""
    return Stuck(
        trouble=Trouble.left_alone,
        subject=str(text.message_id),
        workflow_id="",
        conversation_id=None,
        account_id=text.account_id,
        line_id=text.line_id,
        since=text.since,
        tries=0,
        version=None,
        remedies=(),
    )


def _of_conversation(trouble: Trouble, place: Place, since: datetime) -> Stuck:
    is_open = place.status != "closed"
    return Stuck(
        trouble=trouble,
        subject=str(place.conversation_id),
        workflow_id=place.workflow_id,
        conversation_id=place.conversation_id,
        account_id=place.account_id,
        line_id=place.line_id,
        since=since,
        tries=0,
        version=None,
        remedies=[one for one in REMEDIES[trouble] if _fits(one, GONE, None, is_open=is_open)],
    )


def _workflow_of(text: watches.LostText) -> str:
    return workflow_id(LineId(text.line_id), ConsumerId(str(text.consumer_id)))


def _lost(text: watches.LostText, seen: _Seen) -> Stuck:
    workflow, remedies = _workflow_of(text), REMEDIES[Trouble.text_lost]
    standing, current = seen.standing_of(workflow), seen.asked.current
    return Stuck(
        trouble=Trouble.text_lost,
        subject=str(text.id),
        workflow_id=workflow,
        conversation_id=None,
        account_id=text.account_id,
        line_id=text.line_id,
        since=text.received_at,
        tries=standing.tries,
        version=standing.version,
        remedies=[one for one in remedies if _fits(one, standing, current, is_open=True)],
    )


def _late(erasure: Erasure) -> Stuck:
    workflow = erasure_workflow(erasure.account_id, erasure.consumer_id)
    return Stuck(
        trouble=Trouble.erasure_late,
        subject=workflow,
        workflow_id=workflow,
        conversation_id=None,
        account_id=erasure.account_id,
        line_id=None,
        since=erasure.asked_at,
        tries=erasure.starts,
        version=None,
        remedies=REMEDIES[Trouble.erasure_late],
        kind=ERASURE,
    )


def _missed(run: MissedRun) -> Stuck:
    return Stuck(
        trouble=Trouble.missed_run,
        subject=run.workflow_id,
        workflow_id=run.workflow_id,
        conversation_id=None,
        account_id=None,
        line_id=None,
        since=run.ended_at,
        tries=0,
        version=None,
        remedies=REMEDIES[Trouble.missed_run],
        kind=run.kind,
    )


def _hard(text: HardToSend) -> Stuck:
    return Stuck(
        trouble=Trouble.hard_to_send,
        subject=str(text.message_id),
        workflow_id="",
        conversation_id=text.conversation_id,
        account_id=text.account_id,
        line_id=text.line_id,
        since=text.written_at,
        tries=text.tries,
        version=None,
        remedies=REMEDIES[Trouble.hard_to_send],
        code=text.code,
    )
