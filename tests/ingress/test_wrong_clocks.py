"""API processes whose clocks are minutes off."""

import json
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import update

from database.engine import Sessions
from database.tables import Connector
from ingress.authentication import WebhookAuthenticator
from ingress.errors import NotFromProvider
from providers.contract import WebhookRequest
from providers.registry import create_providers
from providers.telnyx.description import TelnyxCredentials
from providers.telnyx.simulator.keys import public_key, signed_headers
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand
from tests.fixtures.clocks import clock

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
