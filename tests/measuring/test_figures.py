"""Figures of the installation are counted by one process, and told by all."""

from datetime import timedelta
from uuid import uuid4

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text as sql
from sqlalchemy import update

from database.engine import Sessions
from database.queries import measurements
from database.queries.measurements import Counts, Kind, Queue
from database.tables import Message
from domain.delivery.message_status import MessageStatus
from measuring.figures import InstallationFigures
from measuring.meters import Meters
from measuring.pools import PoolFigures
from tests.database.transcripts import new_message
from tests.fixtures.brand import Brand

TEXT = sql("""
    WITH sender AS (
        INSERT INTO consumer (account_id, phone, number)
        SELECT account_id, :number, :number FROM line WHERE id = :line
        ON CONFLICT (account_id, phone) DO UPDATE SET number = excluded.number RETURNING id
    )
    INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id, provider_message_id,
        text, media, raw, received_at, handed_over_at, hand_overs)
    SELECT :id, account_id, connector_id, line.id, sender.id, :sid, 'help me', '[]', '{}',
        now() - interval '10 minutes', now() - CAST(:handed_over AS interval), :hand_overs
    FROM line, sender WHERE line.id = :line
""")


async def stored(
    sessions: Sessions, brand: Brand, handed_over: timedelta | None, hand_overs: int = 0
) -> None:
    values = {"id": uuid4(), "sid": uuid4().hex, "number": "+15550129", "line": brand.line_id}
    async with sessions.begin() as session:
        await session.execute(
            TEXT, {**values, "handed_over": handed_over, "hand_overs": hand_overs}
        )


async def test_texts_that_wait_and_texts_that_are_lost_are_counted(
    session_factory: Sessions, brand: Brand
) -> None:
    before = await measurements.count(session_factory.direct)
    assert (before.pending_texts, before.stuck_texts, before.pending_oldest) == (0, 0, 0)
    await stored(session_factory, brand, None)
    await stored(session_factory, brand, timedelta(seconds=10), hand_overs=1)  # on its way
    await stored(session_factory, brand, timedelta(minutes=2), hand_overs=1)
    await stored(session_factory, brand, timedelta(seconds=10), hand_overs=3)  # again and again
    await stored(session_factory, brand, timedelta(days=2), hand_overs=1)  # counted apart
    counts = await measurements.count(session_factory.direct)
    assert (counts.pending_texts, counts.stuck_texts) == (1, 2)
    assert 590 < counts.pending_oldest < 700


async def test_a_text_that_its_provider_has_taken_does_not_wait_to_leave(
    session_factory: Sessions, brand: Brand
) -> None:
    await new_message(session_factory, brand, MessageStatus.queued)
    await new_message(session_factory, brand, MessageStatus.sending, number="+15550124")
    taken = await new_message(session_factory, brand, MessageStatus.sending, number="+15550125")
    async with session_factory.begin() as session:
        has_it = update(Message).where(Message.id == taken)
        await session.execute(has_it.values(provider_message_id="SM1"))
    assert (await measurements.count(session_factory.direct)).unsent_texts == 2


async def test_a_text_that_is_lost_for_days_is_told_until_a_transcript_has_it(
    session_factory: Sessions, brand: Brand
) -> None:
    figures = InstallationFigures(session_factory)
    await stored(session_factory, brand, timedelta(hours=2), hand_overs=7)
    await stored(session_factory, brand, timedelta(hours=7), hand_overs=9)
    await stored(session_factory, brand, timedelta(days=29), hand_overs=1)
    await stored(session_factory, brand, timedelta(days=31), hand_overs=1)  # no page shows it
    await figures.look()
    assert "switchboard_stuck_texts 3.0" in told(figures)
    assert 'switchboard_measured_age_seconds{of="long_lost"}' in told(figures)


async def test_one_process_counts_and_every_process_tells(
    session_factory: Sessions, brand: Brand
) -> None:
    await stored(session_factory, brand, timedelta(minutes=2), hand_overs=1)
    first, second = InstallationFigures(session_factory), InstallationFigures(session_factory)
    assert "stuck" not in told(first)
    await first.look()
    await stored(session_factory, brand, timedelta(minutes=2), hand_overs=1)
    await second.look()
    for one in (first, second):
        assert "switchboard_stuck_texts 1.0" in told(one)
        assert 'switchboard_measured_age_seconds{of="counts"}' in told(one)
        assert "help me" not in told(one)
        assert "5550129" not in told(one)
    assert not await measurements.take(
        session_factory.direct, Kind.counts, timedelta(seconds=15)
    ), "the second would count although the first just did"
    assert await measurements.take(session_factory.direct, Kind.counts, timedelta(0))


async def test_what_another_version_kept_is_read_as_far_as_it_is_known(
    session_factory: Sessions,
) -> None:
    counts = Counts(stuck_texts=3, queues=(Queue("acme-support", 2, 60.5), Queue(None, 9, 7.0)))
    figures = {**measurements.as_figures(counts), "not_known_yet": 1}
    await measurements.keep(session_factory.direct, Kind.counts, figures)
    await measurements.keep(session_factory.direct, Kind.workflows, {"workflows_stuck": 4})
    kept = await measurements.kept(session_factory.direct)
    assert measurements.as_counts(kept[Kind.counts].figures) == counts
    assert measurements.as_counts({}) == Counts()
    reader = InstallationFigures(session_factory)
    assert not await measurements.take(session_factory.direct, Kind.counts, timedelta(hours=1))
    await reader.look()
    page = told(reader)
    assert 'switchboard_queue_waiting{skill="acme-support"} 2.0' in page
    assert 'switchboard_queue_oldest_seconds{skill="other"} 7.0' in page
    assert "switchboard_workflows_stuck 4.0" in page


async def test_pools_tell_how_busy_they_are(session_factory: Sessions) -> None:
    registry = CollectorRegistry()
    registry.register(PoolFigures({"requests": session_factory}))
    async with session_factory() as session:
        await session.execute(sql("SELECT 1"))
        page = generate_latest(registry).decode()
    assert 'switchboard_pool_in_use{pool="requests"} 1.0' in page
    assert 'switchboard_pool_in_use{pool="requests direct"} 0.0' in page
    assert 'switchboard_pool_taken_total{pool="requests"} ' in page


def test_doors_and_requests_are_told_apart_by_words_of_short_lists() -> None:
    meters = Meters()
    for status in (200, 204, 403, 404, 500, 503):
        meters.webhook("twilio", status, 0.1)
        meters.request(status, 0.1)
    meters.request(None, 0.1)
    page = meters.page().decode()
    for result in ("taken", "refused", "failed"):
        assert (
            f'switchboard_webhook_seconds_count{{provider="twilio",result="{result}"}} 2.0' in page
        )
    assert 'switchboard_request_seconds_count{status="none"} 1.0' in page


def told(figures: InstallationFigures) -> str:
    registry = CollectorRegistry()
    figures.register(registry)
    return generate_latest(registry).decode()
