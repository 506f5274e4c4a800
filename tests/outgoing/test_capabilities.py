"""Texts in doubt at providers that cannot look them up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.outgoing.way_out import WayOut


def cannot(out: WayOut, **can: bool) -> None:
    """Take capabilities away from the provider."""
    described = out.twilio.description
    less = replace(described.capabilities, **can)
    out.twilio.description = replace(described, capabilities=less)


async def test_a_text_whose_answer_was_lost_at_a_provider_without_a_list_is_never_sent_again(
    out: WayOut,
) -> None:
    cannot(out, finds_by_number=False)
    await out.set_connector(resend_unconfirmed=True)
    text = await out.text()
    await out.killed_in_the_call(text)
    await out.ask()
    row = await out.row(text)
    assert (row.status, row.failure_code, row.resent) == ("unknown", "unconfirmed", False)
    assert out.twilio.looked_up == 0
    assert await out.phone() == []


async def test_an_old_text_is_sent_without_a_look_up_at_a_provider_without_a_list(
    out: WayOut,
) -> None:
    cannot(out, finds_by_number=False)
    text = await out.text(age=timedelta(hours=1))
    assert await out.send(text)
    assert out.twilio.looked_up == 0
    assert await out.phone() == ["Answer"]


async def test_a_provider_that_finds_no_texts_by_id_is_never_asked_for_one(out: WayOut) -> None:
    cannot(out, finds_by_id=False)
    await out.fault("lost_callbacks")
    text = await out.text()
    await out.send(text)
    await out.change(text, look_up_at=datetime.now(UTC))
    await out.ask()
    row = await out.row(text)
    assert row.provider_message_id
    assert row.look_up_at is None
    assert not out.twilio.asked
