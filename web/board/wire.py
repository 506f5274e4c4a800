"""What the board's page reads: its JSON, and the messages of its stream.

The page's own description is `tests/scripts/types/wire.d.ts`; a test holds it to this one.

A stream (`GET /board/stream`) brings the whole board first, then what changes. `as_of` numbers what
it brings: an older part never replaces a newer one, unless the whole board comes.
"""

from collections.abc import Mapping
from datetime import datetime

from api.schemas.board import (
    AgentAtWork,
    AlertOut,
    BoardPresentOut,
    PausedConnector,
    QueueOut,
    TodayOut,
)
from api.schemas.notices import NoticesMessage
from api.schemas.shared import Answer
from web.marks import LabelName, ReasonName, SkillEnd
from web.own import Own
from web.streams import BeatMessage, ReloadMessage


class BotAtWork(Answer):
    """A bot. `conversations`: those it has now. `paused_until`: after failures."""

    id: str
    name: str
    conversations: int
    paused_until: datetime | None


class BoardMessage(Answer):
    """What is new on the board. Lists of agents and queues hold those that changed; null: the same
    as before. `gone_agents`, `gone_queues`: ids of those that are not on it any more.
    """

    as_of: int
    is_whole: bool
    agents: list[AgentAtWork]
    gone_agents: list[str]
    queues: list[QueueOut]
    gone_queues: list[str]
    alerts: list[AlertOut] | None
    paused_connectors: list[PausedConnector] | None
    bots: list[BotAtWork] | None
    today: TodayOut | None
    """Of all agents together."""
    present: BoardPresentOut | None


class BoardBoot(Answer):
    """What the page needs before it shows anything. Names by id, retired ones included."""

    account: str
    time_zone: str
    now: datetime
    own: Own
    board: BoardMessage
    people: Mapping[str, str]
    skills: Mapping[str, str]
    skill_ends: Mapping[str, SkillEnd]
    labels: Mapping[str, LabelName]
    closing_reasons: Mapping[str, ReasonName]
    supervises: bool
    administers: bool


BOARD_MESSAGES: Mapping[str, type[Answer]] = {
    "board": BoardMessage,
    "own": Own,
    "notices": NoticesMessage,
    "reload": ReloadMessage,
    "beat": BeatMessage,
}
"""The messages of the stream by name."""
