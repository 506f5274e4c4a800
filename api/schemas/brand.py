"""The brand: account, connectors, lines, skills and automatic messages."""

from datetime import datetime
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, HttpUrl

from api.schemas.people import Capacity
from api.schemas.shared import (
    Answer,
    Language,
    Name,
    Request,
    Secret,
    SlugText,
    Text,
    change,
    example,
)
from domain.words import Automatic, LineKind


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be the name of a time zone, such as Europe/Berlin")
    return name


TimeZone = Annotated[str, AfterValidator(_time_zone)]
AutoClose = Annotated[int, Field(ge=25 * 60, le=90 * 86400, description="Seconds.")]
Priority = Annotated[int, Field(ge=-100, le=100)]
Prefix = Annotated[str, Field(max_length=60)]


class AccountOut(Answer):
    """A brand and its defaults. Times in seconds."""

    id: str
    name: str
    brand: str
    language: str
    time_zone: str
    auto_close_seconds: int
    survey_enabled: bool
    survey_timeout_seconds: int
    agent_transfer_fallback_seconds: int
    default_capacity: int


class AccountChange(Request):
    """What is left out stays."""

    model_config = example(brand="Acme Outdoor", default_capacity=5)

    name: Name = change("What its people call the account.")
    brand: Name = change("What consumers read.")
    language: Language = change("Language of automatic messages, such as en.")
    time_zone: TimeZone = change("Such as Europe/Berlin.")
    auto_close_seconds: AutoClose = change("25 minutes to 90 days.")
    survey_enabled: bool = change("Whether consumers are asked to rate.")
    survey_timeout_seconds: Annotated[int, Field(ge=60, le=86400)] = change("Up to a day.")
    agent_transfer_fallback_seconds: Annotated[int, Field(ge=15, le=86400)] = change(
        "How long a transfer to an agent waits for them."
    )
    default_capacity: Capacity = change("Conversations an agent holds at once.")


class SecretIn(Request):
    """What proves us to the provider. Written, never shown."""

    account_sid: Secret
    auth_token: Secret
    previous_auth_token: Secret | None = None
    signing_keys: dict[Secret, Secret] = Field(default_factory=dict, max_length=10)
    requires_sha256: bool = False
    api_key_sid: Secret | None = None
    api_key: Secret | None = None


class ConnectorOut(Answer):
    """A connection to a provider; its secrets are never shown."""

    id: str
    provider: str
    name: str
    api_url: str | None
    prefix: str
    resend_unconfirmed: bool
    retired_at: datetime | None


class NewConnector(Request):
    model_config = example(
        provider="twilio",
        name="Twilio",
        secret={"account_sid": "AC00000000000000000000000000000000", "auth_token": "secret"},
    )

    id: SlugText | None = None
    provider: SlugText
    name: Name
    secret: SecretIn
    api_url: HttpUrl | None = Field(
        default=None, description="Another address of the provider; in development only."
    )
    prefix: Prefix = Field(default="", description="Put before every automatic message.")
    resend_unconfirmed: bool = Field(
        default=False,
        description="Send a text again whose answer was lost and which the provider does not list.",
    )


class ConnectorChange(Request):
    """What is left out stays; a secret is replaced whole."""

    model_config = example(name="Twilio, main account")

    name: Name = change("What people call it.")
    secret: SecretIn = change("Replaces the one before.")
    api_url: HttpUrl | None = change("In development only.")
    prefix: Prefix = change("Put before every automatic message.")
    resend_unconfirmed: bool = change("Whether to send again what may not have arrived.")


class SkillOut(Answer):
    id: str
    name: str
    priority: int
    auto_close_seconds: int | None
    """Null: the account's."""
    retired_at: datetime | None


class NewSkill(Request):
    model_config = example(name="Returns", priority=0)

    id: SlugText | None = None
    name: Name
    priority: Priority = 0
    auto_close_seconds: AutoClose | None = None


class SkillChange(Request):
    """What is left out stays."""

    model_config = example(priority=1)

    name: Name = change("What agents and consumers read.")
    priority: Priority = change("Higher waits less.")
    auto_close_seconds: AutoClose | None = change("Null for the account's.")


class LineOut(Answer):
    """One of the brand's numbers, and where its texts go."""

    id: str
    connector_id: str
    name: str
    address: str
    kind: LineKind
    entry_skill_id: str
    priority: int
    language: str | None
    inbound_webhook: str
    """The address to give the provider for this line's texts."""
    retired_at: datetime | None


class NewLine(Request):
    """`address`: E.164 number, short code or Messaging Service SID, as `kind` says."""

    model_config = example(
        name="Returns line",
        connector="acme-twilio",
        address="+15550100009",
        kind="long_code",
        entry_skill="acme-support",
    )

    id: SlugText | None = None
    name: Name
    connector: SlugText
    address: Name
    kind: LineKind = LineKind.long_code
    entry_skill: SlugText
    priority: Priority = 0
    language: Language | None = None


class LineChange(Request):
    """What is left out stays. Another address is another line."""

    model_config = example(name="Returns and repairs")

    name: Name = change("What agents read.")
    entry_skill: SlugText = change("Where its new conversations go.")
    priority: Priority = change("Higher waits less.")
    language: Language | None = change("Null for the account's.")


class AutomaticOut(Answer):
    """A text the account has set. Most specific first: line, then skill, then account."""

    id: int
    event: Automatic
    line_id: str | None
    skill_id: str | None
    language: str
    text: str
    enabled: bool


class AutomaticDefault(Answer):
    """What is sent where nothing is set; null: nothing is."""

    event: Automatic
    text: str | None


class AutomaticMessages(Answer):
    set: list[AutomaticOut]
    defaults: list[AutomaticDefault]


class AutomaticIn(Request):
    """Sets the text of an event, for all, for a line or for a skill, in a language."""

    model_config = example(event="welcome", language="en", text="Hello from {brand}!", enabled=True)

    event: Automatic
    line: SlugText | None = None
    skill: SlugText | None = None
    language: Language | None = Field(default=None, description="Default: the account's.")
    text: Text
    enabled: bool = True
