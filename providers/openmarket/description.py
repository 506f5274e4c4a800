"""OpenMarket's description: credentials, addresses, capabilities and health checks."""

from pydantic import Field, field_validator

from providers.contract import Capabilities, Description, Webhook
from providers.credentials import LONGEST, Credentials, secret
from providers.health import HealthCheck

CREDENTIALS_TAKEN = HealthCheck("credentials_taken", "OpenMarket takes the account's credentials")
NO_COLON = r"^[^:]+$"
"""Basic authentication ends the user name at the first colon."""
SHORTEST_PASSWORD = 16
"""Characters of the webhooks' password. Ours: nothing else keeps strangers out, and the key in
receipts' addresses is made with it.
"""


class OpenMarketCredentials(Credentials):
    """An OpenMarket account, and the log-in with which OpenMarket calls us."""

    account_id: str = Field(
        title="Account ID",
        description="Such as 123-456-789-12345, as OpenMarket gave it to you.",
        pattern=NO_COLON,
        max_length=LONGEST,
    )
    password: str = secret("Password", "The password of the account for the API.")
    webhook_user: str = Field(
        title="Webhook user name",
        description="Ask OpenMarket to send consumers' texts with Basic authentication, this user "
        "name and the password below.",
        pattern=NO_COLON,
        max_length=LONGEST,
    )
    webhook_password: str = secret(
        "Webhook password",
        "At least 16 random characters. It also makes the key in the addresses of receipts.",
    )
    previous_webhook_password: str | None = secret(
        "Previous webhook password",
        "Still accepted while the password is being changed.",
        is_optional=True,
    )
    program_id: str | None = Field(
        default=None,
        title="Program ID",
        description="The program of the short code, for texts to the United States and Canada.",
        min_length=1,
        max_length=LONGEST,
    )

    @field_validator("webhook_password")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if len(value) < SHORTEST_PASSWORD:
            raise ValueError(f"must have at least {SHORTEST_PASSWORD} characters")
        return value

    @property
    def webhook_passwords(self) -> tuple[str, ...]:
        """The passwords that may be in a webhook, the current one first."""
        return tuple(filter(None, (self.webhook_password, self.previous_webhook_password)))


DESCRIPTION = Description(
    name="openmarket",
    label="OpenMarket",
    credentials=OpenMarketCredentials,
    capabilities=Capabilities(
        finds_by_number=False,
        finds_by_id=True,
        lists_texts=False,
        confirms_opt_outs=False,
        sends_parts=True,
        reports_parts=True,
        takes_media=False,
        sends_media=False,
        longest_text=1600,
    ),
    texts_webhook=Webhook("inbound"),
    reports_webhook=Webhook("receipt"),
    example={
        "account_id": "123-456-789-12345",
        "password": "secret",
        "webhook_user": "switchboard",
        "webhook_password": "sixteen random characters",
    },
    checks=(CREDENTIALS_TAKEN,),
)


def own(credentials: Credentials) -> OpenMarketCredentials:
    """Return credentials as OpenMarket's. Raises `TypeError` for another provider's."""
    if not isinstance(credentials, OpenMarketCredentials):
        raise TypeError("credentials of another provider")
    return credentials
