"""The board, one's own work, and where conversations may go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from api.schemas.brand import ConnectorPauseOut
from api.schemas.conversations import ConversationOut
from api.schemas.people import AgentOut
from api.schemas.shared import Answer
from database.queries.alerts import Names
from database.queries.conversations import ListedConversation
from database.queries.figures import Figures
from database.queries.queues import OpenNow
from database.queries.workspace import WorkCounts
from database.tables import Alert
from domain.board.kinds import AlertKind
from domain.people.roles import AgentState
from services.looking.supervisor_board import AgentAtWork as AtWork
from services.looking.supervisor_board import Board
from services.looking.workspace import OwnDay


class RatingsOut(Answer):
    """Ratings. `percent`: how many of 100 were satisfied, null without any."""

    answers: int
    satisfied: int
    percent: int | None


class TodayOut(Answer):
    """What was done since midnight, by the account's clock. `handled`: conversations whose consumer
    was texted. `closed`: by the agent. `first_response_seconds`: from a consumer's first text to
    the first text of any agent, for the one who wrote it; the median, null without any. `ratings`:
    of surveys about them, that were answered since then.
    """

    handled: int
    closed: int
    first_response_seconds: int | None
    ratings: RatingsOut

    @classmethod
    def of(cls, figures: Figures) -> Self:
        response = figures.first_response
        return cls(
            handled=figures.handled,
            closed=figures.closed,
            first_response_seconds=None if response is None else round(response.total_seconds()),
            ratings=RatingsOut.model_validate(figures.ratings),
        )


class OwedOut(Answer):
    """Conversations of an agent whose consumer waits for a reply, and since when the first does."""

    unanswered: int
    overdue: int
    since: datetime | None


class AgentAtWork(Answer):
    """An agent on the board. `load` is counted as the router counts it."""

    agent: AgentOut
    load: float
    capacity: int
    is_warm: bool
    """Whether they get as much as their capacity: after log-in it is less at first."""
    owed: OwedOut
    today: TodayOut

    @classmethod
    def of(cls, one: AtWork) -> Self:
        return cls(
            agent=AgentOut.of(one.working),
            load=one.load,
            capacity=one.capacity,
            is_warm=one.is_warm,
            owed=OwedOut.model_validate(one.owed),
            today=TodayOut.of(one.today),
        )


class AlertOut(Answer):
    """Something managers should know of while it lasts. `subject`: the id of its skill, connector
    or line, and `name` what that is called.
    """

    id: int
    kind: AlertKind
    subject: str
    name: str
    began_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, alert: Alert, names: Names) -> Self:
        return cls(
            id=alert.id,
            kind=AlertKind(alert.kind),
            subject=alert.subject_id,
            name=names.get((alert.kind, alert.subject_id), alert.subject_id),
            began_at=alert.began_at,
            ended_at=alert.ended_at,
        )


class QueueOut(Answer):
    """The queue of a skill. `oldest_at`: when its oldest conversation came. `ages`: how many have
    waited for less than 1, 5, 15 and 60 minutes, and for longer: five numbers.
    """

    skill_id: str
    name: str
    waiting: int
    overdue: int
    oldest_at: datetime | None
    due_at: datetime | None
    """The earliest deadline, which may be over."""
    ages: list[int]


class BoardPresentOut(Answer):
    """This moment, all together: open conversations, those that wait in queues and those that
    agents have. `unanswered`: their consumer waits for a reply; `overdue`: it was due;
    `soon_overdue`: it is within five minutes. Bots' are left out.

    `load_percent`: what online agents hold, by weight, of what they may hold; null while nobody is
    online. `agents_by_state`: how many are in each. `ratings`: of the last twelve hours.
    """

    open: int
    waiting: int
    assigned: int
    unanswered: int
    overdue: int
    soon_overdue: int
    load_percent: int | None
    agents_by_state: dict[AgentState, int]
    ratings: RatingsOut

    @classmethod
    def of(cls, board: Board) -> Self:
        now = board.present
        return cls(
            open=now.open,
            waiting=now.waiting,
            assigned=now.assigned,
            unanswered=now.unanswered,
            overdue=now.overdue,
            soon_overdue=now.soon_overdue,
            load_percent=board.load_percent,
            agents_by_state=dict(board.by_state),
            ratings=RatingsOut.model_validate(board.ratings),
        )


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
    alerts: list[AlertOut]
    """Those that are not over, the latest first."""
    today: TodayOut
    """Of all agents together."""
    present: BoardPresentOut
    at: datetime

    @classmethod
    def of(cls, board: Board) -> Self:
        return cls(
            agents=[AgentAtWork.of(one) for one in board.agents],
            queues=[QueueOut.model_validate(one) for one in board.queues],
            paused_connectors=[
                PausedConnector(
                    id=row.id, name=row.name, pause=ConnectorPauseOut.model_validate(pause)
                )
                for row, pause in board.paused
            ],
            alerts=[AlertOut.of(one, board.alert_names) for one in board.alerts],
            today=TodayOut.of(board.today.together),
            present=BoardPresentOut.of(board),
            at=board.at,
        )


class OwnWorkOut(Answer):
    """What an agent has to do. `mine`: their open conversations, `unanswered` of which wait for a
    reply; it was due for those that are `overdue`, and is within five minutes for `soon_overdue`.
    `waiting`: in the queues they see. `ratings`: of the last twelve hours.
    """

    mine: int
    unanswered: int
    overdue: int
    soon_overdue: int
    waiting: int
    capacity: int
    ratings: RatingsOut
    offers: list[ConversationOut]
    """Conversations offered to them, the first to lapse first."""

    @classmethod
    def of(
        cls,
        day: OwnDay,
        counts: WorkCounts,
        own: OpenNow,
        offers: Sequence[ListedConversation],
    ) -> Self:
        return cls(
            mine=counts.mine,
            unanswered=counts.unanswered,
            overdue=own.overdue,
            soon_overdue=own.soon_overdue,
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
