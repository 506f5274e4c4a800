"""The board, one's own work, and where conversations may go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from api.schemas.brand import ConnectorPauseOut
from api.schemas.conversations import ConversationOut
from api.schemas.people import AgentOut
from api.schemas.shared import Answer
from database.queries.conversations import ListedConversation
from database.queries.workspace import WorkCounts
from domain.people.roles import AgentState
from services.looking.supervisor_board import Board
from services.looking.workspace import OwnDay


class AgentAtWork(Answer):
    """An agent on the board. `load` is counted as the router counts it."""

    agent: AgentOut
    load: float
    capacity: int
    is_warm: bool
    """Whether they get as much as their capacity: after log-in it is less at first."""


class QueueOut(Answer):
    """The queue of a skill. `oldest_at`: when its oldest conversation came."""

    skill_id: str
    name: str
    waiting: int
    overdue: int
    oldest_at: datetime | None
    due_at: datetime | None
    """The earliest deadline, which may be over."""


class PausedConnector(Answer):
    """A connector that is out of order: its texts wait."""

    id: str
    name: str
    pause: ConnectorPauseOut


class BoardOut(Answer):
    """Agents and queues at a moment. Agents: by state, those online first, then by name."""

    agents: list[AgentAtWork]
    queues: list[QueueOut]
    paused_connectors: list[PausedConnector]
    at: datetime

    @classmethod
    def of(cls, board: Board) -> Self:
        return cls(
            agents=[
                AgentAtWork(
                    agent=AgentOut.of(one.working),
                    load=one.load,
                    capacity=one.capacity,
                    is_warm=one.is_warm,
                )
                for one in board.agents
            ],
            queues=[QueueOut.model_validate(one) for one in board.queues],
            paused_connectors=[
                PausedConnector(
                    id=row.id, name=row.name, pause=ConnectorPauseOut.model_validate(pause)
                )
                for row, pause in board.paused
            ],
            at=board.at,
        )


class RatingsOut(Answer):
    """Ratings of the last twelve hours. `percent`: how many were satisfied, null without any."""

    answers: int
    satisfied: int
    percent: int | None


class OwnWorkOut(Answer):
    """What an agent has to do. `mine`: their open conversations, `unanswered` of which wait for a
    reply. `waiting`: in the queues they see.
    """

    mine: int
    unanswered: int
    waiting: int
    capacity: int
    ratings: RatingsOut
    offers: list[ConversationOut]
    """Conversations offered to them, the first to lapse first."""

    @classmethod
    def of(cls, day: OwnDay, counts: WorkCounts, offers: Sequence[ListedConversation]) -> Self:
        return cls(
            mine=counts.mine,
            unanswered=counts.unanswered,
            waiting=counts.waiting,
            capacity=day.capacity,
            ratings=RatingsOut.model_validate(day.ratings),
            offers=[ConversationOut.of(one) for one in offers],
        )


class SkillTargetOut(Answer):
    """A skill to transfer to: its agents, those online and free, and the conversations waiting."""

    id: str
    name: str
    holders: int
    online: int
    free: int
    waiting: int


class AgentTargetOut(Answer):
    """An agent to transfer to. `free_slots`: how much more they would get now; null: not online."""

    id: str
    name: str
    state: AgentState
    reason: str | None
    load: float
    capacity: int
    free_slots: int | None


class TargetsOut(Answer):
    """Transfer targets, the agents with free slots first."""

    skills: list[SkillTargetOut]
    agents: list[AgentTargetOut]
