"""Verifies that a webhook was signed with one of a connector's secrets.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from collections.abc import Iterator, Sequence

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from providers.contract import WebhookRefused, WebhookRequest
from providers.twilio.description import TwilioCredentials


class SignedForm:
    """A form as Twilio's validator reads it: each name once, all its values by `getlist`."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return self._values[name]


def refuse_unsigned(request: WebhookRequest, credentials: TwilioCredentials) -> None:
    """Raise `WebhookRefused` unless one of the connector's secrets signed this form."""
    signature = request.header(SIGNATURE_HEADER.lower())
    if not signature:
        raise WebhookRefused("The request is not signed.")
    settings = request.header(SIGNATURE_SETTINGS_HEADER.lower())
    algorithm = get_signature_algorithm(settings).upper()
    secrets = _secrets(credentials, algorithm, _key_id(settings))
    form = SignedForm(request.form)
    if not any(is_signed(request.url, form, signature, key, algorithm) for key in secrets):
        raise WebhookRefused("The signature is wrong.")


def is_signed(
    url: str, content: SignedForm | str, signature: str, secret: str, algorithm: str = HMAC_SHA1
) -> bool:
    """Say whether `secret` made `signature` over the URL and the form or raw JSON body."""
    try:
        validator = RequestValidator(secret)
        return bool(validator.validate(url, content, signature, algorithm))
    except (TypeError, IndexError, ValueError):
        return False  # the validator raises for requests that Twilio never sends


def _secrets(credentials: TwilioCredentials, algorithm: str, key_id: str | None) -> list[str]:
    """Return the secrets that may have signed. Raises `WebhookRefused` for an unknown key."""
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        raise WebhookRefused("The signature's algorithm is unknown.")
    if credentials.requires_sha256 and algorithm != HMAC_SHA256:
        raise WebhookRefused("This connector takes SHA-256 signatures only.")
    if key_id is None and algorithm == HMAC_SHA1:
        return list(credentials.tokens)
    secret = credentials.signing_keys.get(key_id or "")
    if not secret:
        raise WebhookRefused("The signature's key is unknown.")
    return [secret]


def _key_id(settings: str) -> str | None:
    for part in settings.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "key":
            return value.strip()
    return None
