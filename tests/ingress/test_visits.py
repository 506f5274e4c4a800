"""Webhooks as they are kept: the signed ones with their messages, the others counted."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from database.engine import Sessions
from database.queries import exchanges
from database.tables import Connector, Exchange, Inbound, Message, WebhookRefusal
from ingress.errors import NotFromProvider, NotUnderstood
from ingress.visits import Visit
from providers.contract import InboundText, Received, TextPart
from tests.fixtures.brand import Brand
from tests.ingress.carrier import ADA, IngressScenario, request, sid, text


async def kept(ingress: IngressScenario, sessions: Sessions) -> list[Exchange]:
    await ingress.webhooks.trace.write()
    async with sessions() as session:
        return list(await session.scalars(select(Exchange).order_by(Exchange.at)))


async def test_a_text_is_kept_without_its_words_and_found_by_the_providers_id(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("My PIN is 1234"))
    [one] = await kept(ingress, session_factory)
    async with session_factory() as session:
        stored = (await session.scalars(select(Inbound))).one()
    assert (one.kind, one.status, one.outcome) == ("text", 200, None)
    assert one.provider_message_id == stored.provider_message_id
    assert "Body=[14 characters]" in one.request
    assert ADA not in one.request
    assert "Signature" not in one.request


async def test_a_signed_webhook_that_is_no_text_is_kept_as_refused(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = [(name, value) for name, value in text("Hello") if name != "From"]
    with pytest.raises(NotUnderstood):
        await ingress.take_in(brand.line_id, form)
    [one] = await kept(ingress, session_factory)
    assert (one.kind, one.status, one.outcome) == ("webhook", 400, "webhook_not_understood")


async def test_a_flood_of_forged_webhooks_is_one_row(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    forged = replace(request(brand.line_id, text("Hello")), headers={})
    for _ in range(50):
        with pytest.raises(NotFromProvider):
            await ingress.webhooks.take("twilio", brand.line_id, forged)
    assert await kept(ingress, session_factory) == []
    with pytest.raises(NotFromProvider):
        await ingress.webhooks.take("twilio", brand.line_id, forged)
    await ingress.webhooks.trace.write()
    async with session_factory() as session:
        row = (await session.scalars(select(WebhookRefusal))).one()
    assert (row.line_id, row.times) == (brand.line_id, 51)
    assert row.first_at <= row.last_at
    assert ADA not in row.request


async def test_a_report_is_kept_with_our_id_of_the_text(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ours = "0190d3a4-8f5e-7c3a-9b1d-2e4f6a8b0c1d"
    form = [
        ("MessageSid", sid()),
        ("MessageStatus", "delivered"),
        *[pair for pair in text("x") if pair[0] == "AccountSid"],
    ]
    asked = request(brand.line_id, form, {"mid": ours}, "status")
    await ingress.webhooks.take("twilio", brand.line_id, asked)
    [one] = await kept(ingress, session_factory)
    assert (one.kind, str(one.message_id)) == ("report", ours)
    assert one.url.endswith(f"?mid={ours}")


async def test_a_joined_text_is_found_by_each_of_its_parts(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(segments="joined"))
    webhooks, asked = ingress.webhooks, request(brand.line_id, text("x"))
    at, adapter = await webhooks.authenticator.admit(
        session_factory, "twilio", brand.line_id, asked
    )
    for number, words in ((2, "and the end"), (1, "The beginning ")):
        part = TextPart("7f", number, 2)
        read = InboundText(f"part-{number}", ADA, at.line_address, words, part=part)
        await webhooks.receiver.take(at, adapter, read, asked)
        Visit(at, asked, Received((read,))).keep(webhooks.trace)
    await webhooks.trace.write()
    async with session_factory.begin() as session:
        joined = (await session.scalars(select(Inbound))).one()
        shown = Message(
            id=joined.id,
            account_id=brand.account_id,
            line_id=brand.line_id,
            consumer_id=joined.consumer_id,
            author="consumer",
            text=joined.text,
            written_at=joined.received_at,
            status="received",
        )
        session.add(shown)
    async with session_factory() as session:
        _, found = await exchanges.of_message(session, brand.account_id, joined.id)
    assert joined.text == "The beginning and the end"
    assert {one.provider_message_id for one in found} == {"part-1", "part-2"}
