"""Verifies that Telnyx signed a webhook, with this account's key, a short time ago.

https://developers.telnyx.com/docs/development/api-fundamentals/webhooks
"""

from base64 import b64decode
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from providers.contract import WebhookRefused, WebhookRequest
from providers.telnyx.description import TelnyxCredentials

SIGNATURE = "telnyx-signature-ed25519"
TIMESTAMP = "telnyx-timestamp"
TOLERANCE_SECONDS = 300
"""How far the signed time may be from ours, as in Telnyx's own SDKs. A request that is repeated
within that time is accepted, and its text recognised by its id.
"""
MOST_DIGITS = 12
"""Of a time in seconds. Ours: the next thirty thousand years."""


def refuse_unsigned(request: WebhookRequest, credentials: TelnyxCredentials) -> None:
    """Raise `WebhookRefused` unless the account's key signed this body and a current time."""
    signed_at, signature = request.header(TIMESTAMP), request.header(SIGNATURE)
    if not signed_at or not signature:
        raise WebhookRefused("The request is not signed.")
    _refuse_stale(signed_at, request.arrived_at)
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(credentials.raw_public_key))
        signed = signed_at.encode() + b"|" + request.body
        key.verify(b64decode(signature, validate=True), signed)
    except (InvalidSignature, ValueError) as error:
        raise WebhookRefused("The signature is wrong.") from error


def _refuse_stale(signed_at: str, arrived_at: datetime) -> None:
    is_number = signed_at.isascii() and signed_at.isdecimal() and len(signed_at) <= MOST_DIGITS
    if not is_number:
        raise WebhookRefused("The time of the signature is not a number.")
    if abs(arrived_at.timestamp() - int(signed_at)) > TOLERANCE_SECONDS:
        raise WebhookRefused("The signature is too old, or from the future.")
