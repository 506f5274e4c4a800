"""Verifies that OpenMarket sent a webhook, before anything in its body is read.

OpenMarket sends consumers' texts with Basic authentication if it is asked to. Its documentation
promises that for texts only. So the address of every receipt, which we give to OpenMarket with the
text, carries a key that nobody else can make.
"""

import base64
import hashlib
import hmac

from providers.contract import WebhookRefused, WebhookRequest
from providers.openmarket.description import DESCRIPTION, OpenMarketCredentials

OUR_MESSAGE_ID = "mid"
KEY = "key"
PURPOSE = b"receipt of "


def refuse_unauthenticated(request: WebhookRequest, credentials: OpenMarketCredentials) -> None:
    """Raise `WebhookRefused` unless the log-in is ours, or a receipt's address is one we made."""
    is_receipt = request.webhook == DESCRIPTION.reports_webhook.path
    if not (_has_log_in(request, credentials) or (is_receipt and _has_key(request, credentials))):
        raise WebhookRefused("Neither the log-in nor the key is right.")


def receipt_url(callback_url: str, message_id: str, credentials: OpenMarketCredentials) -> str:
    """Return the address for receipts of a text, with its key."""
    joint = "&" if "?" in callback_url else "?"
    return f"{callback_url}{joint}{KEY}={_key(message_id, credentials.webhook_password)}"


def _has_log_in(request: WebhookRequest, credentials: OpenMarketCredentials) -> bool:
    scheme, _, encoded = request.header("authorization").partition(" ")
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return False
    user = credentials.webhook_user
    matches = [_is(given, f"{user}:{word}".encode()) for word in credentials.webhook_passwords]
    return scheme == "Basic" and any(matches)


def _has_key(request: WebhookRequest, credentials: OpenMarketCredentials) -> bool:
    ids = [value for name, value in request.query if name == OUR_MESSAGE_ID]
    keys = [value for name, value in request.query if name == KEY]
    if len(ids) != 1 or len(keys) != 1:
        return False
    given, passwords = keys[0].encode(), credentials.webhook_passwords
    matches = [_is(given, _key(ids[0], word).encode()) for word in passwords]
    return any(matches)


def _is(given: bytes, expected: bytes) -> bool:
    """Compare in a time that tells neither the content nor the length of the secret."""
    return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(expected).digest())


def _key(message_id: str, password: str) -> str:
    return hmac.new(password.encode(), PURPOSE + message_id.encode(), hashlib.sha256).hexdigest()
