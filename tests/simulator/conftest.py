"""A simulator and a brand, both served on this machine."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from tests.simulator.brand import ACCOUNT, TOKEN, Brand
from tests.simulator.carrier_client import LINE, CarrierClient
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
    brand = Brand(url=brands_stage.url)
    async with brands_stage.playing(brand.app()):
        yield brand


@pytest.fixture
def settings(brand: Brand) -> SimulatorSettings:
    return SimulatorSettings(
        account_sid=ACCOUNT,
        auth_token=SecretStr(TOKEN),
        lines={LINE: brand.texts_url},
        delivery_seconds=0,
    )


@pytest.fixture
async def carrier(
    settings: SimulatorSettings, carriers_stage: Stage
) -> AsyncIterator[CarrierClient]:
    client = CarrierClient(carriers_stage.url)
    async with carriers_stage.playing(create_simulator(settings)), client.http:
        yield client
