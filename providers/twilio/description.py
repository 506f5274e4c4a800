"""Twilio's description: credentials, addresses, capabilities and health checks."""

import re
from base64 import b64encode
from collections.abc import Mapping

from pydantic import Field

from domain.numbers.line_addresses import ServiceAddress
from providers.contract import Capabilities, Description, Webhook
from providers.credentials import Credentials, secret
from providers.health import HealthCheck

MESSAGING_SERVICE = ServiceAddress(
    re.compile(r"MG[0-9a-fA-F]{32}", re.ASCII),
    "A Messaging Service's SID is MG and 32 hexadecimal digits.",
)
CREDENTIALS_TAKEN = HealthCheck("credentials_taken", "Twilio takes the account's credentials")
ACCOUNT_ACTIVE = HealthCheck("account_active", "The account is active")
NOT_ON_TRIAL = HealthCheck("not_on_trial", "The account is not on trial")
TOKEN_RIGHT = HealthCheck("token_right", "The auth token, which signs webhooks, is the account's")


class TwilioCredentials(Credentials):
    """A Twilio account, and the secrets for its API and its webhooks."""

    account_sid: str = Field(
        title="Account SID",
        description="AC and 32 hexadecimal digits, from the first page of Twilio's console.",
        pattern=r"^AC[0-9a-fA-F]{32}$",
    )
    auth_token: str = secret("Auth token", "Signs webhooks, and is the API's password.")
    previous_auth_token: str | None = secret(
        "Previous auth token",
        "Still accepted in webhooks while the token is being changed.",
        is_optional=True,
    )
    signing_keys: dict[str, str] = Field(
        default={},
        title="Shared keys",
        description="Secrets by id that sign webhooks with SHA-256 instead of the token.",
        max_length=10,
        repr=False,
        json_schema_extra={"writeOnly": True},
    )
    requires_sha256: bool = Field(
        default=False,
        title="SHA-256 only",
        description="Refuse webhooks that are signed with SHA-1.",
    )
    api_key_sid: str | None = Field(
        default=None,
        title="API key SID",
        description="SK and 32 hexadecimal digits: a key for the API instead of the auth token.",
        pattern=r"^SK[0-9a-fA-F]{32}$",
    )
    api_key: str | None = secret("API key's secret", is_optional=True)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The auth tokens that may have signed a webhook, the current one first."""
        return tuple(filter(None, (self.auth_token, self.previous_auth_token)))

    @property
    def log_in(self) -> tuple[str, str]:
        """The user and password for the API: of its key or else of the account."""
        if self.api_key_sid and self.api_key:
            return self.api_key_sid, self.api_key
        return self.account_sid, self.auth_token

    @property
    def media_headers(self) -> Mapping[str, str]:
        """Basic authentication: with "HTTP Basic Auth for media" on, Twilio asks for it."""
        pair = ":".join(self.log_in).encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


DESCRIPTION = Description(
    name="twilio",
    label="Twilio",
    credentials=TwilioCredentials,
    capabilities=Capabilities(
        finds_by_number=True,
        finds_by_id=True,
        lists_texts=True,
        confirms_opt_outs=True,
        sends_parts=False,
        reports_parts=False,
        takes_media=True,
        sends_media=True,
        longest_text=1600,
        encodes_smartly=True,
        takes_calls=True,
    ),
    texts_webhook=Webhook("inbound", frozenset({"POST", "GET"})),
    reports_webhook=Webhook("status"),
    example={"account_sid": "AC00000000000000000000000000000000", "auth_token": "secret"},
    checks=(CREDENTIALS_TAKEN, ACCOUNT_ACTIVE, NOT_ON_TRIAL, TOKEN_RIGHT),
    service_address=MESSAGING_SERVICE,
    # https://www.twilio.com/docs/global-infrastructure/understanding-edge-locations
    media_hosts=frozenset(
        {
            "api.twilio.com",
            "api.ashburn.us1.twilio.com",
            "api.dublin.ie1.twilio.com",
            "api.sydney.au1.twilio.com",
        }
    ),
)


def own(credentials: Credentials) -> TwilioCredentials:
    """Return credentials as Twilio's. Raises `TypeError` for another provider's."""
    if not isinstance(credentials, TwilioCredentials):
        raise TypeError("credentials of another provider")
    return credentials
