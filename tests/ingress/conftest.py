"""An intake for each test."""

import pytest

from database.engine import Sessions
from tests.ingress.carrier import Intake, create_intake


@pytest.fixture
def intake(session_factory: Sessions) -> Intake:
    return create_intake(session_factory)


@pytest.fixture
def one_hand(session_factory: Sessions) -> Intake:
    """An intake that hands over one thread at a time."""
    return create_intake(session_factory, at_once=1)
