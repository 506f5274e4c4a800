"""docs/webhooks.md describes the events that endpoints get, and its code verifies a post."""

import json
import re
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from domain.conversation.kinds import EventKind
from domain.endpoints.catalogue import example_of
from outgoing.signed_posts import SignedPost, signature
from tests.docs.event_types import PAGE, table, written
from tests.docs.pages import blocks

SECRET = "whsec_" + "c2Vj" * 8


def test_every_kind_of_event_is_in_the_table() -> None:
    """If not: `python -m tests.docs.event_types`."""
    assert written() == table()


def test_the_example_is_an_event_as_it_is_posted() -> None:
    [shown] = [block for block in blocks("json") if block.page == PAGE]
    assert json.loads(shown.text) == example_of(EventKind.conversation_closed)


def test_the_code_without_a_library_takes_what_we_sign_and_nothing_else() -> None:
    [code] = [block.text for block in blocks("python") if block.page == PAGE]
    named: dict[str, object] = {}
    exec(re.sub(r"^SECRET = .*$", f'SECRET = "{SECRET}"', code, flags=re.M), named)
    body = '{"type": "ping", "ä": 1}'.encode()
    post = SignedPost("https://example.com", "evt_1", body, [SECRET])
    headers = signature(post, datetime.now(UTC))
    verify = named["is_ours"]
    assert callable(verify)
    assert verify(headers, body)
    assert not verify(headers, body + b" ")
    assert not verify(headers | {"webhook-timestamp": "1"}, body)
    Webhook(SECRET).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)
