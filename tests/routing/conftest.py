import pytest

from database.engine import Sessions
from tests.fixtures.brand import Brand
from tests.routing.desk import Conversations, Desk, create_router


@pytest.fixture
def desk(session_factory: Sessions, brand: Brand, database_url: str) -> Desk:
    conversations = Conversations()
    router = create_router(session_factory, conversations, database_url)
    return Desk(session_factory, brand, conversations, router)
