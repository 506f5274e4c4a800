"""The board as pages were told of it last, and which parts have changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from api.schemas.board import (
    AgentAtWork,
    AlertOut,
    BoardOut,
    BoardPresentOut,
    PausedConnector,
    QueueOut,
    TodayOut,
)
from services.looking.supervisor_board import Board
from web.board.wire import BoardMessage, BotAtWork
from web.words import said

AGENT, QUEUE, ALERTS, PAUSED, BOTS = "agent", "queue", "alerts", "paused", "bots"
TODAY, PRESENT = "today", "present"

Key = tuple[str, str]
"""What a part is, and its id if there are several."""


@dataclass
class Sheet:
    """Parts of a board, each with the version since which it is so. None: it is gone."""

    version: int = 0
    _parts: dict[Key, tuple[int, object]] = field(default_factory=dict)

    def take(self, board: Board) -> None:
        """Take the board as it is now."""
        parts = _parts(board)
        gone: dict[Key, object] = {
            key: None for key, (_, part) in self._parts.items() if part is not None
        }
        changed = {
            key: part
            for key, part in {**gone, **parts}.items()
            if key not in self._parts or self._parts[key][1] != part
        }
        if changed:
            self.version += 1
        self._parts |= {key: (self.version, part) for key, part in changed.items()}

    def since(self, version: int | None) -> BoardMessage | None:
        """Return what has changed since a version, the whole board without one, None for nothing.

        Sentences in it are in the language of whoever reads now.
        """
        if version == self.version:
            return None
        changed = {
            key: part
            for key, (since, part) in self._parts.items()
            if (part is not None if version is None else since > version)
        }
        return BoardMessage(
            as_of=self.version,
            is_whole=version is None,
            agents=cast(list[AgentAtWork], _those(changed, AGENT)),
            gone_agents=_gone(changed, AGENT),
            queues=cast(list[QueueOut], _those(changed, QUEUE)),
            gone_queues=_gone(changed, QUEUE),
            alerts=cast(list[AlertOut] | None, changed.get((ALERTS, ""))),
            paused_connectors=_said(changed.get((PAUSED, ""))),
            bots=cast(list[BotAtWork] | None, changed.get((BOTS, ""))),
            today=cast(TodayOut | None, changed.get((TODAY, ""))),
            present=cast(BoardPresentOut | None, changed.get((PRESENT, ""))),
        )


def whole(board: Board) -> BoardMessage:
    """Return all of a board."""
    sheet = Sheet()
    sheet.take(board)
    return cast(BoardMessage, sheet.since(None))


def _parts(board: Board) -> Mapping[Key, object]:
    shown = BoardOut.of(board)
    parts: dict[Key, object] = {(AGENT, one.agent.id): one for one in shown.agents}
    parts |= {(QUEUE, one.skill_id): one for one in shown.queues}
    parts[ALERTS, ""] = shown.alerts
    parts[PAUSED, ""] = shown.paused_connectors
    parts[BOTS, ""] = [BotAtWork.model_validate(one) for one in board.bots]
    parts[TODAY, ""] = shown.today
    parts[PRESENT, ""] = shown.present
    return parts


def _those(changed: Mapping[Key, object], kind: str) -> list[object]:
    return [part for (name, _), part in changed.items() if name == kind and part is not None]


def _gone(changed: Mapping[Key, object], kind: str) -> list[str]:
    return [id_ for (name, id_), part in changed.items() if name == kind and part is None]


def _said(paused: object) -> list[PausedConnector] | None:
    if paused is None:
        return None
    return [
        one.model_copy(
            update={"pause": one.pause.model_copy(update={"sentence": said(one.pause.sentence)})}
        )
        for one in cast(Sequence[PausedConnector], paused)
    ]
