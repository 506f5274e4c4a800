"""A town for all tests of a file."""

from collections.abc import AsyncIterator

import pytest

from embedded.guard import Guard
from tests.faults.town import Town, town
from tests.fixtures.database import Copies


@pytest.fixture(scope="module")
async def running_town(
    tmp_path_factory: pytest.TempPathFactory, copies: Copies, guard: Guard
) -> AsyncIterator[Town]:
    """A Switchboard without a worker."""
    name = copies.make()
    async with town(tmp_path_factory.mktemp("town"), copies.cluster.url(name), guard) as opened:
        yield opened
    copies.give_back(name)
