"""The release before works beside this one: on this one's schema, with the same conversations.

Its code is taken from git, so a checkout without that history leaves this out.
"""

import pytest

from database.migrate import upgrade
from routing.rolling_over import RollingOver
from temporal.versions import Versions, VersionUnknown
from tests.fixtures.centre import eventually
from tests.upgrades.conftest import Beside
from tests.upgrades.previous import previous
from tests.upgrades.releases import Release

TALKS, IDLES = "+15550141", "+15550142"
PATIENCE_SECONDS = 60.0


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
    beside: Beside,
) -> None:
    before, now, office, url = await beside(previous())
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


@pytest.mark.timeout(600)
async def test_workers_without_versions_of_two_releases_share_the_same_conversations(
    beside: Beside,
) -> None:
    """As the shipped set-ups deploy: workers before the API, and the API first on the way back."""
    before, now, office, url = await beside(previous())
    before.build_id = now.build_id = "unversioned"
    before.start()
    await before.serves()
    await office.comes_in(before)
    for number in (TALKS, IDLES):
        await office.text(number, "hello")
        await office.reply(before, number, "Good morning!")

    upgrade(url)
    now.start("worker")  # an update under way: workers of both take any conversation's tasks
    for number in (TALKS, IDLES):
        await office.text(number, "Are you still there?")
        await office.reply(before, number, "Yes, we are.")
    before.stop("worker")
    now.start("api")
    await now.serves()
    await office.text(TALKS, "Where is my tent?")
    await office.reply(now, TALKS, "It comes on Monday.")

    now.stop("api")  # back again
    before.start("worker")
    await office.text(TALKS, "Thank you.")
    await office.reply(before, TALKS, "You are welcome.")
    now.stop("worker")
    await office.text(IDLES, "Where is mine?")
    await office.reply(before, IDLES, "On its way.")

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
    assert (before.bugs, now.bugs) == ([], [])
