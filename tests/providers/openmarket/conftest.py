"""A simulator and a brand, both served on this machine."""

from collections.abc import AsyncIterator

import pytest

from simulator.app import create_simulator
from tests.providers.openmarket.served import Brand, Carrier, settings
from tests.simulator.serving import Stage, stage


@pytest.fixture(scope="session")
async def brands_stage() -> AsyncIterator[Stage]:
    async with stage() as opened:
        yield opened


@pytest.fixture(scope="session")
async def carriers_stage() -> AsyncIterator[Stage]:
    async with stage() as opened:
        yield opened


@pytest.fixture
async def brand(brands_stage: Stage) -> AsyncIterator[Brand]:
    brand = Brand(brands_stage.url)
    async with brands_stage.playing(brand.app()):
        yield brand


@pytest.fixture
async def carrier(brand: Brand, carriers_stage: Stage) -> AsyncIterator[Carrier]:
    carrier = Carrier(carriers_stage.url, brand)
    async with carriers_stage.playing(create_simulator(settings())), carrier.http:
        await carrier.line()
        yield carrier
