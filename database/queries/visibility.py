"""Who sees which conversation: every list, page and stream filters by this one condition."""

from dataclasses import dataclass

from sqlalchemy import ARRAY, Text, and_, cast, exists, false, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from database.queries.records.facets import Facet, facet, facets
from database.tables import (
    AgentSkill,
    Conversation,
    ConversationRecord,
    Mention,
    Participation,
    QueueEntry,
)
from domain.conversation.kinds import Status
from domain.people.teams import Led


@dataclass(frozen=True)
class Viewer:
    """A person or program that reads: the whole account, or what one agent may see.

    `led`: what they see beside their own, as a manager of teams.
    """

    account_id: str
    agent_id: str | None
    sees_all: bool
    led: Led | None = None


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that selects what a viewer may see.

    An agent sees conversations they take or took part in, those whose notes mention them, those
    waiting for a skill they have, and those waiting for them by name or offered to them. A manager
    of teams sees all of the teams' skills and people, too.
    """
    if viewer.sees_all:
        return Conversation.account_id == viewer.account_id
    if viewer.agent_id is None:
        return false()
    took_part = exists().where(
        Participation.conversation_id == Conversation.id,
        Participation.agent_id == viewer.agent_id,
    )
    in_own_skill = exists().where(
        AgentSkill.skill_id == Conversation.skill_id, AgentSkill.agent_id == viewer.agent_id
    )
    its_entry = QueueEntry.conversation_id == Conversation.id
    for_other = exists().where(its_entry, QueueEntry.requested_agent_id != viewer.agent_id)
    for_me = exists().where(its_entry, QueueEntry.requested_agent_id == viewer.agent_id)
    waits = and_(Conversation.status == str(Status.waiting), or_(for_me, in_own_skill & ~for_other))
    mine = Conversation.agent_id == viewer.agent_id
    rings = Conversation.offered_agent_id == viewer.agent_id
    parts = [mine, took_part, mentioning(viewer.agent_id), waits, rings]
    if viewer.led is not None:
        parts += _led(viewer.led)
    return and_(Conversation.account_id == viewer.account_id, or_(*parts))


def _led(led: Led) -> list[ColumnElement[bool]]:
    its_entry = QueueEntry.conversation_id == Conversation.id
    return [
        Conversation.skill_id.in_(led.skills),
        Conversation.agent_id.in_(led.people),
        Conversation.offered_agent_id.in_(led.people),
        exists().where(its_entry, QueueEntry.requested_agent_id.in_(led.people)),
    ]


def visible_records(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `ConversationRecord` that selects what a viewer may see.

    The same as `visible`, read from what the record keeps of whom its conversation concerns.
    """
    its = ConversationRecord.account_id == viewer.account_id
    if viewer.sees_all:
        return its
    if viewer.agent_id is None:
        return false()
    account_id, led = viewer.account_id, viewer.led
    people = {viewer.agent_id, *(led.people if led else ())}
    known = [
        *facets(account_id, Facet.took_part, [viewer.agent_id]),
        *facets(account_id, Facet.mentions, [viewer.agent_id]),
        *facets(account_id, Facet.skill, led.skills if led else ()),
        *(
            one
            for kind in (Facet.agent, Facet.rings_at, Facet.waits_for)
            for one in facets(account_id, kind, people)
        ),
    ]
    waits_in = facet(account_id, Facet.waits_in, "")
    own = select(func.array_agg(waits_in + AgentSkill.skill_id))
    skills = own.where(AgentSkill.agent_id == viewer.agent_id).scalar_subquery()
    concerned = func.array_cat(cast(literal(sorted(known), ARRAY(Text)), ARRAY(Text)), skills)
    return and_(its, ConversationRecord.facets.bool_op("&&")(concerned))


def mentioning(agent_id: str) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that a note mentions somebody."""
    return exists().where(Mention.conversation_id == Conversation.id, Mention.agent_id == agent_id)
