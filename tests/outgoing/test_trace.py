"""What is kept of the calls to a provider, and what it costs those who call."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from activities.maintenance import forget_exchanges
from database.tables import Exchange
from tests.fixtures.brand import AUTH_TOKEN, LINE_NUMBER
from tests.fixtures.logs import about, events
from tests.outgoing.way_out import PHONE, WayOut
from tracing import trace as tracing


async def kept(out: WayOut) -> list[Exchange]:
    await out.trace.write()
    async with out.sessions() as session:
        return list(await session.scalars(select(Exchange).order_by(Exchange.at)))


async def test_a_send_and_its_look_up_are_kept_with_their_message(out: WayOut) -> None:
    text = await out.text("I live at 12 Baker Street")
    await out.send(text)
    await out.phone()
    await out.ask()
    send, ask = await kept(out)
    assert [(one.kind, one.message_id, one.status) for one in (send, ask)] == [
        ("send", text, 201),
        ("ask", text, 200),
    ]
    assert send.account_id == out.brand.account_id
    assert ask.provider_message_id == (await out.row(text)).provider_message_id
    assert "Body=[25 characters]" in send.request
    assert f"To=…{PHONE[-4:]}" in send.request
    assert '"status": "queued"' in send.answer
    for one in (send, ask):
        everything = f"{one.url} {one.request} {one.answer}"
        assert not any(word in everything for word in ("Baker", PHONE, LINE_NUMBER, AUTH_TOKEN))


async def test_a_refusal_is_kept_with_our_word_for_it_and_the_providers(out: WayOut) -> None:
    await out.fault("refused", error_code=21610)
    text = await out.text()
    await out.send(text)
    [one] = await kept(out)
    assert (one.outcome, one.status) == ("opted_out", 400)
    row = await out.row(text)
    assert row.provider_code == "21610"
    assert row.provider_message
    assert PHONE not in row.provider_message


async def test_a_call_that_was_never_answered_is_kept_without_an_answer(out: WayOut) -> None:
    await out.set_connector(api_url="http://127.0.0.1:1")
    await out.send(await out.text())
    [one] = await kept(out)
    assert (one.outcome, one.status, one.answer) == ("provider_unreachable", None, "")


async def test_a_text_leaves_even_if_nothing_can_be_kept(
    out: WayOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(tracing, "redacted_url", broken)
    text = await out.text()
    with capture_logs() as logs:
        assert await out.send(text)
    assert await out.status(text) == "sending"
    assert events("exchange", logs) == ["exchange_not_kept"]


async def test_a_full_queue_drops_what_is_new_and_says_how_much(
    out: WayOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "MOST_QUEUED", 1)
    await out.send(await out.text("First"), await out.text("Second"))
    with capture_logs() as logs:
        assert len(await kept(out)) == 1
    assert [(log["event"], log["count"]) for log in about("exchanges", logs)] == [
        ("exchanges_dropped", 1)
    ]


async def test_what_the_database_never_takes_does_not_block_the_rest(
    out: WayOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    await out.send(await out.text("First"))
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr("database.queries.exchanges.add", broken)
        await out.trace.write()
    assert events("exchange", logs) == ["exchange_not_kept"]
    await out.send(await out.text("Second"))
    assert len(await kept(out)) == 1


async def test_old_exchanges_are_deleted_in_small_batches(
    out: WayOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.maintenance.DELETED_AT_ONCE", 2)
    for number in range(5):
        await out.send(await out.text(f"Answer {number}"))
    assert len(await kept(out)) == 5
    now = datetime.now(UTC)
    await forget_exchanges(out.sessions, now - timedelta(days=1))
    assert len(await kept(out)) == 5
    await forget_exchanges(out.sessions, now)
    assert await kept(out) == []


async def test_the_price_and_the_segments_that_the_provider_bills_are_stored(out: WayOut) -> None:
    text = await out.text("a" * 200)
    await out.send(text)
    assert (await out.row(text)).billed_segments == 2
