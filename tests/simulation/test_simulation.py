"""Many drawn schedules with faults everywhere: nothing is lost, doubled or stuck."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from database.queries.sending import Departure
from outgoing.holds import Holds
from tests.simulation.product import on_models
from tests.simulation.run import judged
from tests.simulation.schedule import drawn
from workflows.conversation.journalling import Journalling
from workflows.conversation.mailbox import Mailbox

SEEDS = 100
"""Each seed meets several faults, so each kind of fault comes dozens of times. `make nightly` plays
20,000.
"""
EACH = 25


@pytest.fixture(autouse=True)
def models() -> Iterator[None]:
    with on_models():
        yield


@pytest.mark.parametrize("first", range(0, SEEDS, EACH))
def test_nothing_is_lost_or_doubled_whatever_fails(first: int) -> None:
    found = {seed: judged(drawn(seed)).broken for seed in range(first, first + EACH)}
    assert not {seed: broken for seed, broken in found.items() if broken}


def test_a_seed_always_plays_the_same() -> None:
    assert judged(drawn(7)).trace == judged(drawn(7)).trace


def test_a_mailbox_that_forgets_what_was_not_decided_is_found() -> None:
    def forgetful(self: Mailbox, texts: object, commands: object) -> None:
        self._taken = []
        self._entries.clear()

    with patch.object(Mailbox, "put_back", forgetful):
        assert is_found()


def test_a_step_that_is_not_adopted_where_another_stands_is_found() -> None:
    def stubborn(self: Journalling, recorded: object) -> None:
        self._mailbox.put_back([], {})

    with patch.object(Journalling, "adopted", stubborn):
        assert is_found()


def test_a_text_that_leaves_before_its_turn_is_found() -> None:
    given = Holds.by_line

    async def hasty(self: Holds, text: Departure) -> None:
        """Give a text its time, and do not wait for it."""
        await given(self, text)

    with patch.object(Holds, "by_line", hasty):
        assert is_found()


def is_found() -> bool:
    """Say whether one of the seeds finds something broken."""
    return any(judged(drawn(seed)).broken for seed in range(60))
