"""The network to a server fails silently: every process recovers once it is back."""

import asyncio

import pytest

from tests.fixtures.temporal_server import frozen
from tests.lost_ways.conftest import Plant

LOST_SECONDS = 4
BEGINNINGS = ("1555000", "1555001")
"""Of the numbers that text here: more digits than the fractions of seconds in logs have."""


@pytest.mark.timeout(400)
async def test_everything_recovers_after_the_database_was_cut_off_and_temporal_frozen_and_killed(
    plant: Plant,
) -> None:
    """One story, because starting the processes costs more than all else in it."""
    before = {name: child.pid for name, child in plant.children.items()}
    plant.to_database.swallow()
    lost = [asyncio.create_task(plant.text(f"lost {n}", f"+1555001{n}")) for n in range(3)]
    await asyncio.sleep(LOST_SECONDS)
    plant.to_database.restore()
    await plant.text_taken("after the database", "+15550002")
    await plant.assigned(2)
    await asyncio.gather(*lost)  # answered in time, with any status

    with frozen(plant.temporal.pid):
        await plant.text_taken("while Temporal is frozen", "+15550003")
        await asyncio.sleep(LOST_SECONDS)
    await plant.assigned(3)

    plant.temporal.kill()
    await plant.text_taken("while Temporal is dead", "+15550005")
    await plant.temporal.start()
    await plant.assigned(4)

    assert [await plant.lives(name) for name in ("api", "worker")] == [True, True]
    assert all(child.exit_code is None for child in plant.children.values())
    assert {name: child.pid for name, child in plant.children.items()} == before
    logs = plant.log("api") + plant.log("worker")
    assert not any(begins in logs for begins in BEGINNINGS), "no number in any line"
