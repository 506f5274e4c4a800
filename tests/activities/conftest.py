"""Fixtures for tests of the journal."""

from datetime import UTC, datetime

import pytest

from activities.journal import Journal
from database.engine import Sessions
from domain.conversation.inputs import Person
from domain.people.roles import Role
from tests.activities.writing import Writer, opened
from tests.fixtures.brand import Brand, new_thread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def writer(session_factory: Sessions, brand: Brand) -> Writer:
    thread = await new_thread(session_factory, brand)
    return await opened(Journal(session_factory), thread)


@pytest.fixture
def ann(brand: Brand) -> Person:
    return Person(brand.ann.agent_id, "Ann", Role.agent)
