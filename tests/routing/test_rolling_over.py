"""Rolling over what runs on an old version of the workers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from routing import rolling_over
from routing.rolling_over import RollingOver
from temporal.versions import Run, Versions

NEW = Run("sms/line/consumer", "Conversation")


@dataclass
class Lagging:
    """Temporal's lists, which show a moment later what has begun."""

    lists: list[Sequence[Run]]
    woken: list[Run] = field(default_factory=list)

    async def running_on(self, _: str, *, begun_before: None) -> Sequence[Run]:
        return self.lists.pop(0) if self.lists else []

    async def wake(self, run: Run) -> None:
        self.woken.append(run)


async def test_what_began_on_a_version_just_before_it_was_left_rolls_over_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rolling_over, "LOOK_SECONDS", 0)
    temporal = Lagging([[], [NEW]])
    rolling = RollingOver(cast(Versions, temporal), "one", lambda *_: None, patience=0)
    assert await rolling.nudge() == []
    assert temporal.woken == [NEW]


async def test_what_stays_on_a_version_is_told_also_when_it_began_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rolling_over, "LOOK_SECONDS", 0)
    temporal = Lagging([[], *[[NEW]] * 1000])
    rolling = RollingOver(cast(Versions, temporal), "one", lambda *_: None, patience=0)
    assert await rolling.nudge() == [NEW]
