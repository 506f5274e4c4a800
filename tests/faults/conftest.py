"""A Switchboard for all tests of a file, without a worker."""

from collections.abc import AsyncIterator

import pytest

from embedded.guard import Guard
from tests.faults.installation import Installation, installed
from tests.fixtures.database import Copies


@pytest.fixture(scope="module")
async def installation(
    tmp_path_factory: pytest.TempPathFactory, copies: Copies, guard: Guard
) -> AsyncIterator[Installation]:
    """A Switchboard without a worker."""
    name = copies.make()
    async with installed(
        tmp_path_factory.mktemp("faults"), copies.cluster.url(name), guard
    ) as opened:
        yield opened
    copies.give_back(name)
