"""What one attempt does, and what it leaves for the next attempt and for look-ups."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from outgoing.time_outs import TimeOuts
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ACCOUNT_SID, AUTH_TOKEN, ENCRYPTION_KEYS
from tests.fixtures.logs import about
from tests.outgoing.way_out import AT_ONCE, WayOut

SECRET = TwilioCredentials(account_sid=ACCOUNT_SID, auth_token=AUTH_TOKEN)
OTHER_KEYS = "other:" + "B" * 43 + "="
NOBODY = "http://127.0.0.1:1"
HOUR = timedelta(hours=1)
ALMOST_TOO_OLD = timedelta(hours=4) - timedelta(seconds=30)
"""Half a minute before the text is too old, which is before the next attempt."""


def sealed(keys: str) -> bytes:
    return SecretBox(Keyring.parse(keys)).seal(SECRET)


@pytest.mark.parametrize(
    ("shut", "repaired", "logged"),
    [
        ({"secret": sealed(OTHER_KEYS)}, {"secret": sealed(ENCRYPTION_KEYS)}, "secret_unreadable"),
        ({"provider": "pigeon"}, {"provider": "twilio"}, "provider_unknown"),
    ],
    ids=["secret", "provider"],
)
async def test_a_text_whose_connector_cannot_be_opened_stays_queued_and_leaves_once_it_can(
    out: WayOut, shut: dict[str, object], repaired: dict[str, object], logged: str
) -> None:
    await out.set_connector(**shut)
    first, second = await out.text("First"), await out.text("Second")
    with capture_logs() as logs:
        for _ in range(2):
            assert await out.send(first, second) is None
    assert [await out.status(text) for text in (first, second)] == ["queued", "queued"]
    assert (await out.row(first)).attempts == 0
    connector = f"{out.brand.account_id}-twilio"
    told = [(log["event"], log["reason"], log["connector"]) for log in about("connector", logs)]
    assert told == [("connector_unusable", logged, connector)]
    await out.set_connector(**repaired)
    assert await out.send(first, second)
    assert await out.phone() == ["First", "Second"]


async def test_a_connector_that_stays_shut_fails_the_text_after_the_outage(out: WayOut) -> None:
    await out.set_connector(provider="pigeon")
    text = await out.text(age=ALMOST_TOO_OLD)
    assert await out.send(text)
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("failed", "provider_unavailable")
    assert row.failure_sentence == (
        "This text could not be sent in time. Our connection to the provider cannot be "
        "used. It was not sent. Tell an administrator."
    )


async def test_a_text_that_was_refused_for_hours_fails_with_the_providers_last_word(
    out: WayOut,
) -> None:
    await out.fault("unavailable")
    text = await out.text(age=ALMOST_TOO_OLD)
    assert await out.send(text, time_outs=TimeOuts(age=timedelta(days=1)))
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("failed", "provider_unavailable")
    assert row.provider_code == "20503"
    assert row.failure_sentence == (
        "This text could not be sent in time. The provider was not available. "
        "It was not sent. Send it again later."
    )


@pytest.mark.parametrize("fault", ["nobody listens", "unavailable", "too_many_requests"])
async def test_an_answer_that_surely_did_not_take_the_text_leaves_nobody_in_doubt(
    out: WayOut, fault: str
) -> None:
    if fault == "nobody listens":
        await out.set_connector(api_url=NOBODY)
    else:
        await out.fault(fault)
    text = await out.text()
    assert await out.send(text) is None
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("queued", None)
    await out.set_connector(api_url=out.url)
    await out.sends(text)
    assert await out.phone() == ["Answer"]


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        ("unavailable", {"body": "plain"}),
        ("server_error", {"body": "plain"}),
        ("server_error", {}),
        ("reset_before_taking", {}),
        ("reset_after_taking", {}),
        ("answer_lost", {}),
    ],
)
async def test_an_unclear_answer_leaves_the_text_in_doubt_and_sends_it_once(
    out: WayOut, fault: str, more: dict[str, object]
) -> None:
    await out.fault(fault, **more)
    text = await out.text()
    assert await out.send(text) is None
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("unknown", "finding_out")
    assert await out.send(text)
    assert len(await out.phone()) <= 1


async def test_later_texts_leave_before_an_unconfirmed_one_is_settled(out: WayOut) -> None:
    await out.fault("server_error", body="plain")
    texts = [await out.text(words) for words in ("First", "Second", "Third")]
    assert await out.send(*texts) is None
    assert await out.send(*texts, time_outs=TimeOuts()) is None  # later texts wait some seconds
    sent = await out.send(*texts)
    assert sent is not None
    assert sent.statuses[0] == "unknown"
    assert await out.phone() == ["Second", "Third"]


async def test_in_strict_order_later_texts_wait_until_it_is_known(out: WayOut) -> None:
    await out.set_connector(may_overtake_unconfirmed=False)
    await out.fault("reset_after_taking")
    texts = [await out.text(words) for words in ("First", "Second")]
    for _ in range(3):
        assert await out.send(*texts) is None
    assert await out.phone() == ["First"]
    await out.ask()
    assert await out.send(*texts)
    assert await out.phone() == ["First", "Second"]


async def test_in_strict_order_later_texts_leave_when_an_earlier_one_stays_unknown(
    out: WayOut,
) -> None:
    await out.set_connector(may_overtake_unconfirmed=False)
    await out.fault("reset_before_taking")
    texts = [await out.text(words) for words in ("First", "Second")]
    assert await out.send(*texts) is None
    await out.ask()
    assert (await out.row(texts[0])).failure_code == "unconfirmed"
    assert await out.send(*texts)
    assert await out.phone() == ["Second"]


async def test_a_text_that_a_restored_database_shows_as_queued_is_not_sent_again(
    out: WayOut,
) -> None:
    text = await out.text(age=HOUR)
    assert await out.send(text)
    before = await out.row(text)
    forgotten = {
        "provider_message_id": None,
        "attempts": 0,
        "attempted_at": None,
        "look_up_at": None,
    }
    await out.change(text, status="queued", **forgotten)
    assert await out.send(text)
    after = await out.row(text)
    assert after.status in ("sending", "sent", "delivered")
    assert after.provider_message_id == before.provider_message_id
    assert await out.phone() == ["Answer"]


async def test_two_restored_texts_that_read_the_same_are_two(out: WayOut) -> None:
    texts = [await out.text("Yes", age=HOUR) for _ in range(2)]
    assert await out.send(*texts)
    forgotten = {
        "provider_message_id": None,
        "attempts": 0,
        "attempted_at": None,
        "look_up_at": None,
    }
    for text in texts:
        await out.change(text, status="queued", **forgotten)
    assert await out.send(*texts)
    assert len({(await out.row(text)).provider_message_id for text in texts}) == 2
    assert await out.phone() == ["Yes", "Yes"]


async def test_an_old_text_waits_for_one_in_doubt_that_reads_the_same(out: WayOut) -> None:
    """The listed message may be the other text's."""
    doubtful, later = await out.text("Yes"), await out.text("Yes", age=HOUR)
    assert await out.send(doubtful)
    lost = {"provider_message_id": None, "look_up_at": datetime.now(UTC)}
    await out.change(doubtful, status="unknown", **lost)
    assert not await out.send(later)
    assert (await out.row(later)).status == "queued"
    await out.change(doubtful, look_up_at=None)
    assert await out.send(later)


async def test_an_old_text_that_cannot_be_looked_up_is_tried_later(out: WayOut) -> None:
    await out.set_connector(api_url=NOBODY)
    text = await out.text(age=HOUR)
    assert await out.send(text) is None
    assert await out.status(text) == "queued"
    await out.set_connector(api_url=out.url)
    assert await out.send(text)
    assert await out.phone() == ["Answer"]


async def test_an_old_text_that_can_never_be_looked_up_stays_unknown(out: WayOut) -> None:
    await out.set_connector(api_url=NOBODY)
    text = await out.text(age=timedelta(hours=5))
    assert await out.send(text)
    row = await out.row(text)
    assert (row.status, row.failure_code, row.look_up_at) == ("unknown", "unconfirmed", None)


async def test_only_what_waited_for_long_is_looked_up(out: WayOut) -> None:
    text = await out.text(age=timedelta(seconds=90))
    await out.fault("unavailable")
    assert await out.send(text) is None
    await out.change(text, written_at=(await out.row(text)).written_at - HOUR)
    assert await out.send(text)  # it was refused just now, so it was not sent
    assert out.twilio.looked_up == 0
    assert await out.send(await out.text("Old", age=HOUR))
    assert out.twilio.looked_up == 1


async def test_a_text_accepted_and_failed_at_once_says_why(out: WayOut) -> None:
    await out.fault("undelivered", error_code=21610)
    text = await out.text(age=HOUR)
    assert await out.send(text)
    await out.change(text, status="queued", provider_message_id=None, attempted_at=None)
    await out.phone()
    sent = await out.send(text, time_outs=AT_ONCE)
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("undelivered", "opted_out")
    assert row.provider_code == "21610"
    assert sent is not None
    assert sent.is_opt_out
