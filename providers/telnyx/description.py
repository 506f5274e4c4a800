"""Telnyx's description: credentials, address, capabilities and health checks."""

from pydantic import Field

from providers.contract import Capabilities, Description, Webhook
from providers.credentials import Credentials, secret
from providers.health import HealthCheck

KEY_TAKEN = HealthCheck("api_key_taken", "Telnyx takes the API key")
KEY_MATCHES = HealthCheck("public_key_matches", "The public key is the account's")
RAW_KEY = 44
"""Characters of 32 bytes in base64. A key in DER form ends with the same characters."""
EVENTS = Webhook("events")


class TelnyxCredentials(Credentials):
    """A Telnyx account's keys: one for the API, one that its webhooks are verified with."""

    api_key: str = secret("API key", "KEY and more characters, from Telnyx's portal.")
    public_key: str = Field(
        title="Public key",
        description="Verifies webhooks. It is under Keys & Credentials in Telnyx's portal.",
        pattern=r"^(MCowBQYDK2VwAyEA)?[A-Za-z0-9+/]{43}=$",
    )

    @property
    def raw_public_key(self) -> str:
        """The 32 bytes of the public key, in base64."""
        return self.public_key[-RAW_KEY:]


DESCRIPTION = Description(
    name="telnyx",
    label="Telnyx",
    credentials=TelnyxCredentials,
    capabilities=Capabilities(
        finds_by_number=False,  # its detail records can be searched, but hold no text to compare
        finds_by_id=True,
        lists_texts=False,
        confirms_opt_outs=True,
        sends_parts=False,
        reports_parts=False,
        takes_media=True,
        sends_media=False,
        longest_text=660,  # ten parts of emoji; 670 of other characters, 1530 of the GSM alphabet
    ),
    texts_webhook=EVENTS,
    reports_webhook=EVENTS,
    example={"api_key": "KEY0123", "public_key": "A" * 43 + "="},
    checks=(KEY_TAKEN, KEY_MATCHES),
)


def own(credentials: Credentials) -> TelnyxCredentials:
    """Return credentials as Telnyx's. Raises `TypeError` for another provider's."""
    if not isinstance(credentials, TelnyxCredentials):
        raise TypeError("credentials of another provider")
    return credentials
