"""The model of the database answers as PostgreSQL does: the same drawn steps are given to both."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg
import pytest
from sqlalchemy import select
from temporalio.exceptions import ApplicationError

from activities.contract import OpeningRequest, Step, ThreadInHand
from activities.journal import Journal
from database.engine import Sessions
from database.queries.system_close import close_by_system
from database.tables import Event, Message, QueueEntry
from domain.consent.keyword import Keyword
from domain.conversation.conversation import Conversation as Core
from domain.conversation.inputs import Identity, Person, ReceivedText, begin
from domain.conversation.state import ConsumerFacts
from domain.conversation.survey_inputs import AnswerReading
from domain.errors import DomainError
from domain.ids import OURS
from domain.people.roles import Role
from domain.policy.policy import Policy
from domain.survey.kinds import Meaning
from temporal.conversations import Thread
from tests.fixtures.brand import Brand, new_thread
from tests.simulation.clock import Now
from tests.simulation.database import Database
from tests.simulation.product import Ear, Policies, on_models

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LENGTH = 30


@dataclass
class Script:
    """Draws what writers ask, some of whom know an earlier step only, or one that was lost."""

    chance: random.Random
    thread: Thread
    policy: Policy
    ann: Person
    known: list[Core] = field(default_factory=list)
    """The conversation as some writer may have it."""
    written: list[Step] = field(default_factory=list)
    count: int = 0

    def asked(self) -> Iterator[Step | ThreadInHand | OpeningRequest | UUID]:
        """Yield steps, looks, openings, and conversations that the system closes."""
        yield self._opened(1)
        for _ in range(LENGTH):
            kind = self.chance.choices(
                ("step", "again", "lost", "opening", "look", "mends", "ends"), (9, 3, 1, 2, 2, 1, 1)
            )[0]
            match kind:
                case "again":
                    yield self.chance.choice(self.written)
                case "opening":
                    newest = self.known[-1].state.number
                    yield self._opened(newest + self.chance.choice((0, 1, 1, 2)))
                    yield self._request()
                case "look":
                    yield self._held(self.chance.choice(self.known), *self._texts())
                case "ends":
                    yield UUID(self.chance.choice(self.known).state.id)
                case _:
                    step = self._next(mends=kind == "mends")
                    if step and kind != "lost":
                        self.written.append(step)
                        yield step

    def _opened(self, number: int) -> Step:
        text = self._id(reused=self.chance.random() < 0.2)
        ids = (self.thread.account_id, self.thread.line_id, self.thread.consumer_id)
        identity = Identity(str(uuid5(OURS, f"{text} {number}")), *ids, number=number)
        core = Core(begin(identity, self.policy, ConsumerFacts(), "consumer", NOW), self.policy)
        core.caused_by(text)
        before = self.known[-1] if self.known else None
        if before and before.carries and number == before.state.number + 1:
            texts, origin = before.state.carried, before.state.id
            core.opened_by_carried(texts, origin, ConsumerFacts(), NOW)
            return self._first(core)
        keyword = Keyword.stop if self.chance.random() < 0.3 else None
        core.opened_by_consumer(
            ReceivedText(text, "hello", keyword, received_at=NOW), ConsumerFacts(), NOW
        )
        return self._first(core)

    def _first(self, core: Core) -> Step:
        step = self._step(core)
        assert step
        self.written.append(step)
        return step

    def _next(self, *, mends: bool) -> Step | None:
        """Return the next step of a conversation as somebody knows it, often as it stands last."""
        last = self.known[-1]
        one = last if self.chance.random() < 0.7 else self.chance.choice(self.known)
        core = Core(one.state.model_copy(deep=True), self.policy)
        try:
            self._act(core)
        except DomainError:
            return None
        return self._step(core, mends=mends)

    def _act(self, core: Core) -> None:
        key, now = self._id(reused=self.chance.random() < 0.1), NOW + timedelta(seconds=self.count)
        core.caused_by(key)
        match self.chance.randrange(6):
            case 0 | 1:
                text = ReceivedText(key, "and this", received_at=NOW)
                heard = AnswerReading(meaning=self.chance.choice(list(Meaning)), score=4)
                if core.takes(text, heard):
                    core.consumer_texted(text, now, heard)
            case 2:
                core.queue.agent_assigned(core.state.ticket, self.ann.agent_id, "Ann", now)
            case 3:
                core.agent_replied(self.ann, "Seen.", key, now)
            case 4:
                core.transfers.returned_to_queue(self.ann, None, key, now)
            case 5:
                core.agent_closed(self.ann, key, now)

    def _step(self, core: Core, *, mends: bool = False) -> Step | None:
        effects = core.take_effects()
        if not effects and not mends:
            return None
        core.state.sequence += 1
        is_whole = core.state.sequence == 1 or mends
        if mends:
            core.caused_by(f"missing/{core.state.sequence}")
            effects = core.missing_marked(effects, 0, NOW)
        self.known.append(core)
        texts = [one.message_id for one in effects if one.effect == "message"]
        keys = [one.command_key for one in effects if one.command_key]
        return Step(
            workflow_id=self.thread.workflow_id,
            conversation=core.state.model_copy(deep=True),
            policy=self.policy if is_whole else None,
            effects=list(effects),
            held=self._held(core, *texts, *self._texts(), keys=tuple(dict.fromkeys(keys))),
            mends=mends,
        )

    def _held(self, core: Core, *texts: str, keys: tuple[str, ...] = ()) -> ThreadInHand:
        line_id, consumer_id = self.thread.line_id, self.thread.consumer_id
        position = {"number": core.state.number, "sequence": core.state.sequence}
        return ThreadInHand(
            line_id=line_id, consumer_id=consumer_id, texts=texts, commands=keys, **position
        )

    def _request(self) -> OpeningRequest:
        held = self._held(self.chance.choice(self.known))
        nothing = held.model_copy(update={"number": 0, "sequence": 0})
        message_id = self._id(reused=self.chance.random() < 0.5)
        carrying = [core.state for core in self.known if core.carries]
        origin = self.chance.choice(carrying) if carrying else None
        return OpeningRequest(
            account_id=self.thread.account_id,
            held=self.chance.choice((held, nothing)),
            message_id=origin.carried[0].message_id if origin else message_id,
            carried_from=origin.id if origin else None,
        )

    def _texts(self) -> tuple[str, ...]:
        return (self._id(reused=True),) if self.chance.random() < 0.3 else ()

    def _id(self, *, reused: bool) -> str:
        if not reused or not self.count:
            self.count += 1
            return str(uuid5(OURS, f"id {self.count}"))
        return str(uuid5(OURS, f"id {self.chance.randint(1, self.count)}"))


async def answer(journal: Journal, asked: Step | ThreadInHand | OpeningRequest | UUID) -> Any:
    """Return what the journal answers, without what the model leaves out."""
    try:
        match asked:
            case Step():
                done: Any = await journal.journal(asked)
            case ThreadInHand():
                done = await journal.look(asked)
            case OpeningRequest():
                done = await journal.load_opening(asked)
            case UUID():
                return await close_by_system(journal.sessions, asked)
    except ApplicationError as error:
        return error.type
    except psycopg.IntegrityError:  # what no writer could come to ask
        return "impossible"
    return _plain(done.model_dump(mode="json"))


def _plain(said: Any) -> Any:
    """Leave out names and settings; texts and commands are a set."""
    if isinstance(said, dict):
        kept = {key: _plain(value) for key, value in said.items() if key not in LEFT_OUT}
        kept |= {key: sorted(kept[key], key=str) for key in SETS if isinstance(kept.get(key), list)}
        return kept
    return [_plain(one) for one in said] if isinstance(said, list) else said


LEFT_OUT = ("policy", "agent_name", "closed_at", "at", "last_message_at")
SETS = {"texts", "commands"}


@pytest.mark.parametrize("seed", range(15))
async def test_the_model_answers_as_postgresql_does(
    session_factory: Sessions, brand: Brand, seed: int
) -> None:
    thread = await new_thread(session_factory, brand)
    real = Journal(session_factory, Ear())  # type: ignore[arg-type]
    policy = await _policy(real, thread)
    ann = Person(brand.ann.agent_id, "Ann", Role.agent)
    asked = list(Script(random.Random(seed), thread, policy, ann).asked())
    expected = [await answer(real, one) for one in asked]
    stands = await _stands(session_factory)
    Now.clock = lambda: datetime.now(UTC)
    database = Database(Now.clock)
    consumer = {"number": "+15550123", "is_opted_out": False}
    database.tables.consumer[thread.consumer_id] = consumer
    with on_models():
        model = Journal(database.sessions, Ear(), Policies())  # type: ignore[arg-type]
        for one, said in zip(asked, expected, strict=True):
            assert await answer(model, one) == said
    tables = database.tables
    assert sorted((row["id"], row["position"]) for row in tables.message.values()) == stands[0]
    assert [(one.kind, one.command_key) for one in tables.event if one.step] == stands[1]
    assert sorted((key, row["ticket"]) for key, row in tables.queue_entry.items()) == stands[2]


async def _policy(journal: Journal, thread: Thread) -> Policy:
    held = ThreadInHand(line_id=thread.line_id, consumer_id=thread.consumer_id)
    opening = await journal.load_opening(OpeningRequest(account_id=thread.account_id, held=held))
    assert opening.terms
    return opening.terms.policy


async def _stands(sessions: Sessions) -> tuple[list[Any], list[Any], list[Any]]:
    async with sessions() as session:
        messages = (await session.execute(select(Message.id, Message.position))).all()
        events = select(Event.kind, Event.command_key).where(Event.kind != "message_status")
        told = (await session.execute(events.order_by(Event.id))).all()
        queue = (await session.execute(select(QueueEntry.conversation_id, QueueEntry.ticket))).all()
    return (
        sorted((str(key), position) for key, position in messages),
        [tuple(row) for row in told],
        sorted((str(key), ticket) for key, ticket in queue),
    )
