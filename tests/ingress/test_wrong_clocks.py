"""API processes whose clocks are minutes off."""

import json
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import select, update

from database.clock import database_time
from database.engine import Sessions
from database.tables import Connector, Message, PhoneCall
from ingress.authentication import WebhookAuthenticator
from ingress.errors import NotFromProvider
from providers.contract import WebhookRequest
from providers.registry import create_providers
from providers.telnyx.description import TelnyxCredentials
from providers.telnyx.simulator.keys import public_key, signed_headers
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.clocks import OFF, clock
from tests.ingress.caller import PhoneCallOf, create_calls, make_menu
from tests.ingress.carrier import create_intake

BODY = json.dumps({"data": {}}).encode()


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_what_a_provider_signed_just_now_is_taken_whatever_our_clock(
    session_factory: Sessions, brand: Brand, minutes: int
) -> None:
    box = SecretBox(Keyring.parse(ENCRYPTION_KEYS))
    secret = box.seal(TelnyxCredentials(api_key="KEY1", public_key=public_key("KEY1")))
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(provider="telnyx", secret=secret))
    door = WebhookAuthenticator(create_providers(Mock()), box)
    request = WebhookRequest("https://x", signed_headers(BODY, "KEY1"), BODY)
    with clock(timedelta(minutes=minutes)):
        late = WebhookRequest("https://x", signed_headers(BODY, "KEY1"), BODY)
        assert await door.admit(session_factory, "telnyx", brand.line_id, request)
        with pytest.raises(NotFromProvider):
            await door.admit(session_factory, "telnyx", brand.line_id, late)


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_texts_of_calls_are_due_by_the_time_of_all_processes(
    session_factory: Sessions, brand: Brand, off: timedelta
) -> None:
    await make_menu(session_factory, brand, texts_missed=True)
    with clock(off):
        calls = create_calls(create_intake(session_factory))
        missed, asked = (PhoneCallOf(calls, brand.line_id) for _ in range(2))
        await missed.end("no-answer")
        await asked.begin()
        await asked.press("1")
    now = await database_time(session_factory.direct.fetch_one)
    async with session_factory() as session:
        of_missed = select(PhoneCall.text_due_at).where(PhoneCall.provider_call_id == missed.sid)
        due = [await session.scalar(of_missed), await session.scalar(select(Message.look_up_at))]
    assert all(one and abs(one - now) < OFF / 2 for one in due), due
