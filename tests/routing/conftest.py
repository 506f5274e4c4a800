import pytest

from database.engine import Sessions
from tests.fixtures.brand import Brand
from tests.routing.scenario import Conversations, Scenario, create_router


@pytest.fixture
def scenario(session_factory: Sessions, brand: Brand, database_url: str) -> Scenario:
    conversations = Conversations()
    router = create_router(session_factory, conversations, database_url)
    return Scenario(session_factory, brand, conversations, router)
