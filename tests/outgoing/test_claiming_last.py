"""A text is claimed when its first byte is about to leave: what comes in before still counts."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from database.queries.consent import Recorded, record_opt_out
from domain.consent.sources import ConsentSource
from outgoing.time_outs import TimeOuts
from providers.contract import Accepted
from tests.outgoing.test_capabilities import cannot
from tests.outgoing.way_out import WayOut

NOW = datetime.now(UTC)
LONG = timedelta(minutes=10)


def on_the_way(out: WayOut, do: Callable[[], Awaitable[object]]) -> Callable[[], None]:
    """Let something happen while the next call connects; returns what takes it away."""
    send = out.twilio.send

    async def late(*call: object) -> Accepted:
        await do()
        return await send(*call)  # type: ignore[arg-type]

    out.twilio.send = late  # type: ignore[method-assign, assignment]

    def gone() -> None:
        out.twilio.send = send  # type: ignore[method-assign]

    return gone


async def opts_out(out: WayOut) -> None:
    to = await out.to()
    async with out.sessions.begin() as session:
        await record_opt_out(session, to.account_id, to.consumer_id, Recorded(ConsentSource.api))


async def test_a_text_whose_worker_stops_while_it_connects_is_in_no_doubt_and_leaves_once(
    out: WayOut,
) -> None:
    async def stop() -> None:
        raise asyncio.CancelledError

    gone = on_the_way(out, stop)
    text = await out.text()
    with pytest.raises(asyncio.CancelledError):
        await out.sender().send(text)
    assert await out.status(text) == "queued"
    gone()
    await out.sends(text)
    assert await out.phone() == ["Answer"]


async def test_an_opt_out_that_comes_while_a_worker_stands_still_stops_the_text(
    out: WayOut,
) -> None:
    on_the_way(out, lambda: opts_out(out))
    text = await out.text()
    await out.sends(text)
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("failed", "opted_out")
    assert await out.phone() == []


async def test_two_workers_that_connect_at_once_send_one_text(out: WayOut) -> None:
    text = await out.text()
    both = asyncio.Barrier(2)
    gone = on_the_way(out, both.wait)
    time_outs = TimeOuts()  # the one that comes second waits for the first
    await asyncio.gather(*(out.send(text, time_outs=time_outs) for _ in range(2)))
    gone()
    await out.sends(text)
    assert await out.phone() == ["Answer"]
    assert (await out.row(text)).attempts == 1


async def test_a_text_that_cannot_be_handed_to_the_provider_fails_as_one_attempt(
    out: WayOut,
) -> None:
    cannot(out, sends_media=False)
    text = await out.text()
    picture = {"file_id": str(text), "content_type": "image/png"}
    await out.change(text, media=[picture])
    await out.sends(text)
    row = await out.row(text)
    assert (row.status, row.failure_code, row.attempts) == ("failed", "media_not_possible", 1)


async def test_a_text_that_its_provider_has_is_not_sent_again_whatever_its_row_says(
    out: WayOut,
) -> None:
    """Rows of a restored database say `queued`, also once a report has named the text."""
    text, notice = await out.text(), await out.standalone()
    for n, one in enumerate((text, notice)):
        await out.change(one, provider_message_id=f"SM{n}", look_up_at=NOW)
    assert await out.send(text)
    while await out.send_standalone():
        pass
    assert await out.phone() == []


async def test_a_text_written_anew_after_a_restore_is_not_sent_where_the_provider_has_no_list(
    out: WayOut,
) -> None:
    cannot(out, finds_by_number=False)
    text = await out.text()
    await out.change(text, maybe_sent_since=NOW - LONG)
    assert await out.sends(text)
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("unknown", "unconfirmed")
    assert await out.phone() == []


async def test_a_text_that_another_worker_sends_now_is_not_given_up_as_too_old(
    out: WayOut,
) -> None:
    text = await out.text(age=timedelta(hours=4) - timedelta(seconds=30))
    await out.fault("unavailable")

    async def other_sends() -> None:
        await out.change(text, status="sending", attempted_at=datetime.now(UTC))

    gone = on_the_way(out, other_sends)
    await out.send(text, time_outs=TimeOuts(age=timedelta(days=1)))
    gone()
    assert await out.status(text) in ("sending", "unknown")
    assert await out.phone() == []
