"""Webhooks as they are kept: the signed ones with their messages, the others counted."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.tables import Exchange, Inbound, WebhookRefusal
from ingress.errors import NotFromProvider, NotUnderstood
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
