"""Conversations that go any way, by the rules, as events."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from database.queries.events import NewEvent
from database.queries.journal_rows import event_of
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.errors import DomainError
from domain.people.roles import Role
from domain.policy.policy import Policy
from tests.domain.scenario import MIA, SALES, SUPPORT, Scenario, waiting
from workflows.conversation.messages import Actor

POLICY = SUPPORT.model_copy(update={"response_time": timedelta(minutes=20)})


def talk(seed: int, conversation_id: UUID, people: Sequence[Actor]) -> list[NewEvent]:
    """Return the events of a conversation drawn from a seed."""
    draw = random.Random(seed)
    agents = [Person(one.agent_id, "Somebody", Role.agent) for one in people]
    played = waiting(POLICY)
    for _ in range(draw.randint(4, 18)):
        played.passes(minutes=draw.choice([0, 1, 7, 45, 200, 900]))
        _act(played, draw, agents)
    shift = timedelta(hours=draw.randint(0, 24 * 70))
    state = played.state.model_copy(update={"id": str(conversation_id)})
    events = [event_of(state, effect) for effect in played.effects]
    return [replace(one, at=one.at + shift) for one in events]


def _act(played: Scenario, draw: random.Random, agents: Sequence[Person]) -> None:
    who = draw.choice(agents)
    to: list[Policy | Person] = [SALES, POLICY, agents[0]]
    acts: list[Callable[[], object]] = [
        lambda: played.texts(draw.choice(["hello", "5", "where is it?"])),
        lambda: played.replies(who),
        lambda: played.routes_to(who),
        lambda: played.transfers(who, draw.choice(to)),
        lambda: played.returns(who),
        lambda: played.takes_over(MIA),
    ]
    if draw.random() < 0.1:
        acts = [lambda: played.closes(who)]
    try:
        if played.status is not Status.closed:
            draw.choice(acts)()
    except (DomainError, AssertionError):
        return  # the rules refuse it
