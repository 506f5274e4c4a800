"""Runs of schedules: where the next one goes on, whatever became of the one before."""

from domain.exporting.kinds import ExportStatus
from tests.reporting.lakes import Lake


async def test_the_file_after_a_first_one_that_failed_holds_its_time_as_well(lake: Lake) -> None:
    first = await lake.make(10)
    await lake.change(first, status=str(ExportStatus.failed))
    await lake.runs().deliver(first)
    assert await lake.spans(first, await lake.make(10, 10)) == [(27, 28), (27, 29)]
