"""Outgoing texts over real parts: a database and a served carrier, without workflows."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from database.engine import Sessions
from outgoing.posts import Posts
from outgoing.signed_posts import SignedPosts
from settings import Settings
from tests.fixtures.brand import Brand
from tests.fixtures.carriers import unheard_carrier
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.push_service import PushedBrowser, push_service
from tests.fixtures.receiver import receiver
from tests.outgoing.posting import LOOPBACK, Posting
from tests.outgoing.telling import Teller
from tests.outgoing.way_out import WayOut
from tests.simulator.serving import Stage, stage


@pytest.fixture(scope="session")
async def way_outs_stage() -> AsyncIterator[Stage]:
    async with stage() as opened:
        yield opened


@pytest.fixture
async def out(
    brand: Brand, settings: Settings, session_factory: Sessions, way_outs_stage: Stage
) -> AsyncIterator[WayOut]:
    """Outgoing texts of a brand whose provider is the served carrier."""
    carrier = unheard_carrier()
    http = httpx2.AsyncClient(trust_env=False, verify=PLAIN)
    async with way_outs_stage.playing(carrier), http:
        out = WayOut(brand, settings, session_factory, http, way_outs_stage.url)
        await out.set_connector(api_url=way_outs_stage.url)
        await out.fault("lost_callbacks", count=1000)
        yield out


@pytest.fixture
async def posting(brand: Brand, session_factory: Sessions) -> AsyncIterator[Posting]:
    async with SignedPosts([LOOPBACK]) as posts, receiver() as there:
        yield Posting(brand, session_factory, posts, there)


@pytest.fixture
async def teller(
    brand: Brand, settings: Settings, session_factory: Sessions
) -> AsyncIterator[Teller]:
    """The tasks that tell people, and a brand's events."""
    async with Posts([LOOPBACK]) as posts:
        yield Teller(brand, session_factory, settings, posts)


@pytest.fixture
async def browser() -> AsyncIterator[PushedBrowser]:
    """A browser with its push service."""
    async with push_service() as there:
        yield there
