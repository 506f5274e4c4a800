"""Texts that the provider has and no webhook brought are fetched: in order, each once, as late."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from database.engine import Sessions
from database.tables import Line
from providers.contract import SendError
from tests.fixtures.brand import Brand
from tests.ingress.carrier import ADA, IngressScenario, text
from tests.ingress.lost_webhooks import Killed, LostWebhooks
from tests.ingress.test_receiving import is_out, ledger

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SERVICE = "MG" + "5" * 32


async def test_lost_texts_are_fetched_in_the_order_of_their_time_and_say_when_they_were_sent(
    lost: LostWebhooks,
) -> None:
    lost.lost("two", 50 * MINUTE)
    lost.lost("three", 40 * MINUTE)
    first = lost.lost("one", 60 * MINUTE)
    assert await lost.catch_up() == 3
    rows = await lost.rows()
    assert [row.text for row in rows] == ["one", "two", "three"]
    assert rows[0].provider_message_id == first
    assert rows[0].sent_at is not None
    assert timedelta(minutes=59) < rows[0].received_at - rows[0].sent_at < timedelta(minutes=62)
    assert not any(row.is_filed for row in rows)


async def test_a_second_run_finds_nothing_more(lost: LostWebhooks) -> None:
    lost.lost("hello")
    assert [await lost.catch_up(), await lost.catch_up()] == [1, 0]
    assert await lost.texts() == ["hello"]
    standing = await lost.standing()
    assert (standing.found, standing.failure_code) == (1, None)


async def test_two_runs_at_the_same_time_store_each_text_once(lost: LostWebhooks) -> None:
    for number in range(5):
        lost.lost(f"text {number}", (60 - number) * MINUTE)
    found = await asyncio.gather(lost.catch_up(), lost.catch_up())
    assert sum(found) == 5
    assert await lost.texts() == [f"text {number}" for number in range(5)]


@pytest.mark.parametrize("webhook_first", [True, False])
async def test_a_webhook_that_comes_as_well_is_recognised(
    lost: LostWebhooks, ingress: IngressScenario, brand: Brand, webhook_first: bool
) -> None:
    sid = lost.lost("hello")
    if webhook_first:
        await ingress.take(brand.line_id, text("hello", message=sid))
    await lost.catch_up()
    await ingress.take(brand.line_id, text("hello", message=sid))
    [row] = await lost.rows()
    assert (row.sent_at is None) is webhook_first


async def test_a_webhook_at_the_same_moment_is_the_same_text(
    lost: LostWebhooks, ingress: IngressScenario, brand: Brand
) -> None:
    sids = [lost.lost(f"text {number}") for number in range(5)]
    posts = [ingress.take(brand.line_id, text("same", message=sid)) for sid in sids]
    await asyncio.gather(lost.catch_up(), *posts)
    assert len(await lost.rows()) == 5


async def test_a_young_text_is_left_to_its_webhook(lost: LostWebhooks) -> None:
    lost.lost("hello", 10 * timedelta(seconds=1))
    assert await lost.catch_up() == 0


async def test_texts_to_other_numbers_by_other_channels_and_our_own_are_left_alone(
    lost: LostWebhooks,
) -> None:
    lost.lost("not ours", recipient="+15550109999")
    lost.lost("by another channel", sender=f"whatsapp:{ADA}")
    assert await lost.catch_up() == 0


async def test_a_service_takes_the_texts_that_name_it(
    lost: LostWebhooks, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Line).values(kind="service", address=SERVICE))
    lost.lost("to the service", recipient="+15550107777", service_sid=SERVICE)
    lost.lost("to nobody", recipient="+15550107777")
    assert await lost.catch_up() == 1
    assert await lost.texts() == ["to the service"]


async def test_texts_from_before_the_line_was_made_are_not_fetched(
    lost: LostWebhooks, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Line).values(created_at=datetime.now(UTC) - HOUR))
    lost.lost("to the product before", 70 * MINUTE)
    lost.lost("to us", 50 * MINUTE)
    await lost.catch_up()
    assert await lost.texts() == ["to us"]


async def test_a_run_after_a_long_absence_reaches_back_to_the_last_complete_one(
    lost: LostWebhooks,
) -> None:
    await lost.catch_up()
    lost.lost("while nobody worked", 15 * MINUTE)
    await lost.catch_up()
    assert await lost.texts() == ["while nobody worked"]
    assert datetime.now(UTC) - (await lost.standing()).complete_until < 3 * MINUTE


async def test_texts_of_many_pages_are_all_fetched(lost: LostWebhooks) -> None:
    for number in range(230):
        lost.lost(f"text {number}", (600 - number) * MINUTE, sender=f"+1555017{number:04}")
    assert await lost.catch_up() == 230
    assert await lost.texts() == [f"text {number}" for number in range(230)]


async def test_a_list_too_long_for_one_run_goes_on_in_the_next(
    lost: LostWebhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingress.catching_up.MOST_PAGES", 1)
    for number in range(230):
        lost.lost(f"text {number}", (600 - number) * MINUTE, sender=f"+1555017{number:04}")
    before = (await lost.standing()).complete_until
    assert await lost.catch_up() == 100
    assert (await lost.standing()).complete_until == before
    assert [await lost.catch_up(), await lost.catch_up()] == [100, 30]
    standing = await lost.standing()
    assert standing.next_page is None
    assert datetime.now(UTC) - standing.complete_until < 3 * MINUTE
    assert sorted(await lost.texts()) == sorted(f"text {number}" for number in range(230))


@pytest.mark.parametrize("stored", [0, 1, 3])
async def test_a_worker_killed_between_listing_and_storing_loses_and_doubles_nothing(
    lost: LostWebhooks, stored: int
) -> None:
    for number in range(4):
        lost.lost(f"text {number}", (60 - number) * MINUTE)
    with pytest.raises(Killed):
        await lost.dying_after(stored).catch_up(lost.connector_id)
    assert len(await lost.texts()) == stored
    assert await lost.catch_up() == 4 - stored
    assert await lost.texts() == [f"text {number}" for number in range(4)]


async def test_a_provider_that_fails_postpones_and_skips_nothing(lost: LostWebhooks) -> None:
    before = (await lost.standing()).complete_until
    await lost.set_connector(api_url="http://127.0.0.1:9")
    lost.lost("hello")
    for _ in range(2):
        with pytest.raises(SendError):
            await lost.catch_up()
    failing = await lost.standing()
    assert failing.complete_until == before
    assert failing.failure_code == "provider_unreachable"
    assert failing.failing_since is not None


async def test_a_provider_that_is_back_is_read_from_where_it_failed(
    lost: LostWebhooks, carriers_stage_url: str
) -> None:
    lost.lost("hello")
    await lost.set_connector(api_url="http://127.0.0.1:9")
    with pytest.raises(SendError):
        await lost.catch_up()
    await lost.set_connector(api_url=carriers_stage_url)
    assert await lost.catch_up() == 1
    standing = await lost.standing()
    assert (standing.failing_since, standing.failure_code) == (None, None)


async def test_pictures_of_a_late_text_are_kept_as_the_providers_addresses(
    lost: LostWebhooks, carriers_stage_url: str
) -> None:
    sid = lost.lost("look", media=("https://example.test/cat.jpg", "https://example.test/dog.jpg"))
    await lost.catch_up()
    [row] = await lost.rows()
    assert [media["content_type"] for media in row.media] == ["image/jpeg"] * 2
    for media in row.media:
        assert media["url"].startswith(f"{carriers_stage_url}/2010-04-01/Accounts/")
        assert f"/Messages/{sid}/Media/ME" in media["url"]


async def test_a_text_older_than_the_limit_is_filed(lost: LostWebhooks) -> None:
    lost.lost("too old", 25 * HOUR)
    lost.lost("HELP", 25 * HOUR)
    lost.lost("in time", 23 * HOUR)
    await lost.catch_up()
    found = [(row.text, row.is_filed, row.keyword) for row in await lost.rows()]
    assert sorted(found) == [
        ("HELP", True, None),
        ("in time", False, None),
        ("too old", True, None),
    ]


async def test_the_limit_is_the_connectors(lost: LostWebhooks) -> None:
    await lost.set_connector(filed_after_seconds=1800)
    lost.lost("an hour ago")
    await lost.catch_up()
    assert [row.is_filed for row in await lost.rows()] == [True]


@pytest.mark.parametrize("ago", [HOUR, 3 * DAY])
async def test_a_late_stop_opts_out_however_late(
    lost: LostWebhooks, brand: Brand, session_factory: Sessions, ago: timedelta
) -> None:
    lost.lost("STOP", ago)
    await lost.catch_up()
    assert await is_out(session_factory, brand)
    assert await ledger(session_factory) == [("account", "opted_out", "text")]


async def test_a_late_start_older_than_a_stop_opts_nobody_in(
    lost: LostWebhooks, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("STOP"))
    lost.lost("START")
    await lost.catch_up()
    assert await is_out(session_factory, brand)
    assert [(row.keyword, row.is_filed) for row in await lost.rows()] == [
        ("stop", False),
        (None, True),
    ]


async def test_a_late_stop_older_than_a_start_opts_nobody_out(
    lost: LostWebhooks, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("START"))
    lost.lost("STOP")
    await lost.catch_up()
    assert not await is_out(session_factory, brand)
    late = (await lost.rows())[-1]
    assert (late.keyword, late.is_filed, late.wants_opt_out) == (None, True, False)


async def test_the_last_of_late_keywords_counts(
    lost: LostWebhooks, brand: Brand, session_factory: Sessions
) -> None:
    lost.lost("START", 40 * MINUTE)
    lost.lost("STOP", 50 * MINUTE)
    await lost.catch_up()
    assert not await is_out(session_factory, brand)
    lost.lost("STOP", 20 * MINUTE)
    lost.lost("START", 30 * MINUTE)
    await lost.catch_up()
    assert await is_out(session_factory, brand)


async def test_a_start_that_is_too_old_opts_nobody_in(
    lost: LostWebhooks, brand: Brand, session_factory: Sessions
) -> None:
    lost.lost("STOP", 3 * DAY)
    lost.lost("START", 2 * DAY)
    await lost.catch_up()
    assert await is_out(session_factory, brand)
