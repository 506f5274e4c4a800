"""The release before works beside this one: on this one's schema, with the same conversations.

Its code is taken from git, so a checkout without that history leaves this out.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import psycopg
import pytest
from temporalio.client import Client

from cli.demo import ACCOUNT_SID, AUTH_TOKEN
from database.migrate import upgrade
from embedded.guard import Guard
from embedded.machine import CHECKOUT
from routing.rolling_over import RollingOver
from simulator.app import create_simulator
from simulator.settings import SimulatorSettings
from temporal.versions import Versions, VersionUnknown
from tests.browser.centre import serving
from tests.database.test_migrations import MakeDatabase, empty_database
from tests.faults.installation import SUPPORT_LINE
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import eventually
from tests.fixtures.ports import own_port
from tests.upgrades.previous import NoHistory, unpack
from tests.upgrades.releases import Office, Release

__all__ = ["empty_database"]

TALKS, IDLES = "+15550141", "+15550142"
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="session")
def previous_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("previous")
    try:
        unpack(folder)
    except NoHistory as why:
        pytest.skip(str(why))
    return folder


@pytest.fixture
async def releases(
    previous_code: Path,
    tmp_path: Path,
    empty_database: MakeDatabase,
    own_temporal: Client,
    guard: Guard,
) -> AsyncIterator[tuple[Release, Release, Office, str]]:
    """The previous release at work, this one prepared, and an office that uses them."""
    url, phones_port = empty_database(), own_port()
    phones = f"http://127.0.0.1:{phones_port}"
    environment = {
        "SWITCHBOARD_ENVIRONMENT": "development",
        "SWITCHBOARD_DATABASE_URL": url,
        "SWITCHBOARD_ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "TEMPORAL_ADDRESS": own_temporal.service_client.config.target_host,
    }
    before = Release("previous", previous_code, environment, tmp_path, guard)
    now = Release("this", CHECKOUT, environment, tmp_path, guard)
    for release in (before, now):  # webhooks are signed for one address, whoever takes them
        release.environment = environment | {"SWITCHBOARD_PUBLIC_BASE_URL": before.api}
    before.prepare_database(url, ENCRYPTION_KEYS, phones)
    carrier = create_simulator(
        SimulatorSettings(
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            lines={SUPPORT_LINE: f"{before.api}/webhooks/twilio/acme-support/inbound"},
            delivery_seconds=0.05,
            webhook_retries=5,
        )
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(carrier, phones_port))
        stack.callback(carrier.state.carrier.phones.stop)
        http = await stack.enter_async_context(httpx2.AsyncClient())
        looking = await psycopg.AsyncConnection.connect(url, autocommit=True)
        await stack.enter_async_context(looking)
        for release in (before, now):
            stack.callback(release.stop)
        yield before, now, Office(http, phones, looking, own_temporal), url


async def makes_current(versions: Versions, release: Release) -> None:
    async def is_current() -> bool:
        try:
            await versions.make_current(release.name)
        except VersionUnknown:
            return False
        return True

    await eventually(is_current)


async def leaves(versions: Versions, release: Release) -> None:
    """Roll over whatever runs on a version; nothing may stay."""
    rolling = RollingOver(versions, release.name, lambda _gone, _of: None, PATIENCE_SECONDS)
    assert await rolling.nudge() == []


@pytest.mark.timeout(600)
async def test_the_previous_release_works_on_this_schema_and_can_be_gone_back_to(
    releases: tuple[Release, Release, Office, str],
) -> None:
    before, now, office, url = releases
    versions = Versions(office.temporal)
    before.start()
    await makes_current(versions, before)
    await before.serves()
    await office.comes_in(before)
    for number in (TALKS, IDLES):
        await office.text(number, "hello")
        await office.reply(before, number, "Good morning!")

    upgrade(url)  # while everything of the version before still runs
    await office.text(TALKS, "Are you still there?")
    await office.reply(before, TALKS, "Yes, we are.")

    now.start()
    await makes_current(versions, now)
    await now.serves()
    await office.text(TALKS, "Where is my tent?")
    await office.reply(now, TALKS, "It comes on Monday.")
    await leaves(versions, before)
    await office.reply(now, IDLES, "Are you still there?")

    await makes_current(versions, before)  # back again
    await office.text(TALKS, "Thank you.")
    await office.reply(before, TALKS, "You are welcome.")
    await leaves(versions, now)
    await office.text(IDLES, "Yes, I am.")

    assert await office.spoken(TALKS) == [
        ("consumer", "hello"),
        ("agent", "Good morning!"),
        ("consumer", "Are you still there?"),
        ("agent", "Yes, we are."),
        ("consumer", "Where is my tent?"),
        ("agent", "It comes on Monday."),
        ("consumer", "Thank you."),
        ("agent", "You are welcome."),
    ]
    assert await office.spoken(IDLES) == [
        ("consumer", "hello"),
        ("agent", "Good morning!"),
        ("agent", "Are you still there?"),
        ("consumer", "Yes, I am."),
    ]
    assert (before.bugs, now.bugs) == ([], [])
