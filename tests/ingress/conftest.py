"""Ingress for each test."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from database.engine import Sessions
from settings import Settings
from tests.fixtures.brand import Brand
from tests.fixtures.carriers import unheard_carrier
from tests.fixtures.plain_http import PLAIN
from tests.ingress.carrier import IngressScenario, create_intake
from tests.ingress.lost_webhooks import LostWebhooks
from tests.simulator.serving import Stage, stage


@pytest.fixture
def ingress(session_factory: Sessions) -> IngressScenario:
    return create_intake(session_factory)


@pytest.fixture
def one_hand(session_factory: Sessions) -> IngressScenario:
    """Ingress that hands over one thread at a time."""
    return create_intake(session_factory, at_once=1)


@pytest.fixture(scope="session")
async def carriers_stage() -> AsyncIterator[Stage]:
    async with stage() as opened:
        yield opened


@pytest.fixture
async def lost(
    brand: Brand, settings: Settings, session_factory: Sessions, carriers_stage: Stage
) -> AsyncIterator[LostWebhooks]:
    """A brand whose texts are at the served carrier, and came by no webhook."""
    app = unheard_carrier()
    http = httpx2.AsyncClient(trust_env=False, verify=PLAIN)
    async with carriers_stage.playing(app), http:
        lost = LostWebhooks(brand, settings, session_factory, http, app)
        await lost.prepare(carriers_stage.url)
        yield lost


@pytest.fixture
def carriers_stage_url(carriers_stage: Stage) -> str:
    """The address of the served carrier."""
    return carriers_stage.url
