"""Whom an event concerns: pure, decided from where its conversation is now."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from database.queries.stream import QUEUE_KINDS, Place
from database.tables import Event
from domain.board.kinds import AlertKind
from domain.conversation.kinds import EventKind
from domain.people.teams import Led
from services.proving import Proven


@dataclass(frozen=True)
class Interest:
    """What a stream is told of, beside what its reader takes or took part in.

    `everything`: all conversations and all else of the account, for those who may see it. `queue`:
    what waits for their skills. `people`: everybody's state. `conversation_id`: the one that is
    open.
    """

    everything: bool = False
    queue: bool = False
    people: bool = False
    conversation_id: UUID | None = None


OF_PEOPLE = frozenset({EventKind.agent_state, EventKind.agent_capacity})
"""Kinds of events about a person, which all who show people are told of, and the person."""
ALERTS = frozenset({EventKind.alert_began, EventKind.alert_ended})
"""Kinds of events about the subject that their data names."""
EVERYTHING = Interest(everything=True, queue=True, people=True)


def may_see(place: Place, reader: Proven) -> bool:
    """Say whether a reader may see a conversation: the rule of `database.queries.visibility`."""
    if reader.caller.sees_all:
        return True
    agent_id = reader.caller.person.agent_id if reader.caller.person else None
    if agent_id is None:
        return False
    if reader.caller.led and reader.caller.led.has(place.its_skill, place.holders):
        return True
    return agent_id in place.agents or _waits_for(place, agent_id, reader.skills)


def concerns(event: Event, place: Place | None, reader: Proven, interest: Interest) -> bool:
    """Say whether a stream is told of an event.

    What happens to a waiting conversation also reaches those who may not see it any more: it must
    leave their lists, and stop ringing.
    """
    agent_id = reader.caller.person.agent_id if reader.caller.person else None
    if event.kind in OF_PEOPLE:
        return interest.people or event.agent_id == agent_id
    sees_all = reader.caller.sees_all
    if sees_all and interest.everything:
        return True
    if reader.caller.led and _is_led(event, place, reader.caller.led, interest):
        return True
    if place is None:
        return False
    if agent_id is not None and _is_theirs(event, place, agent_id):
        return True
    if interest.conversation_id is not None and event.conversation_id == interest.conversation_id:
        return True
    return interest.queue and _is_of_queue(event, place, reader, sees_all=sees_all)


def _is_led(event: Event, place: Place | None, led: Led, interest: Interest) -> bool:
    if place is None:
        return interest.everything and _is_alert_of(event, led)
    if not interest.everything and not interest.queue:
        return False
    if event.kind in QUEUE_KINDS and (
        event.agent_id in led.people or not led.skills.isdisjoint(place.waited_for)
    ):
        return True  # it may have left their lists
    return led.has(place.its_skill, place.holders) and (
        interest.everything or place.skill_id is not None
    )


def _is_alert_of(event: Event, led: Led) -> bool:
    if event.kind not in ALERTS or not AlertKind(event.data["alert"]).is_of_skill:
        return False
    return event.data["subject"] in led.skills


def _is_theirs(event: Event, place: Place, agent_id: str) -> bool:
    if agent_id in place.agents or agent_id == place.requested:
        return True
    return event.kind == EventKind.offer_ended and event.agent_id == agent_id


def _is_of_queue(event: Event, place: Place, reader: Proven, *, sees_all: bool) -> bool:
    if event.kind in QUEUE_KINDS and (sees_all or place.waited_for & reader.skills):
        return True
    if sees_all:
        return place.skill_id is not None
    agent_id = reader.caller.person.agent_id if reader.caller.person else None
    return agent_id is not None and _waits_for(place, agent_id, reader.skills)


def _waits_for(place: Place, agent_id: str, skills: Collection[str]) -> bool:
    if place.skill_id is None:
        return False
    if place.requested is not None:
        return place.requested == agent_id
    return place.skill_id in skills
