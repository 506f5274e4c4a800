"""Ingress for each test."""

import pytest

from database.engine import Sessions
from tests.ingress.carrier import IngressScenario, create_intake


@pytest.fixture
def ingress(session_factory: Sessions) -> IngressScenario:
    return create_intake(session_factory)


@pytest.fixture
def one_hand(session_factory: Sessions) -> IngressScenario:
    """Ingress that hands over one thread at a time."""
    return create_intake(session_factory, at_once=1)
