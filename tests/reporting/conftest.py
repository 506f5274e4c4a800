"""Read models over a real database, without workflows."""

import pytest

from database.engine import Sessions
from settings import Settings
from tests.fixtures.brand import Brand
from tests.reporting.recording import Recorder


@pytest.fixture
def recorder(brand: Brand, settings: Settings, session_factory: Sessions) -> Recorder:
    """A brand's conversations, events, and their records."""
    return Recorder(brand, session_factory, settings)
