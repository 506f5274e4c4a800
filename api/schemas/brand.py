"""The brand: connectors and lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, HttpUrl, JsonValue, WithJsonSchema

from api.schemas.shared import (
    Answer,
    Language,
    Name,
    OneLine,
    Request,
    SlugText,
    change,
    example,
    sent,
    within,
)
from api.schemas.skills import Priority
from database.tables import Connector, ConnectorPause
from domain.numbers.kinds import LineKind, Misdirected
from domain.settings.allowed import (
    GIVE_UP,
    JOIN_WINDOW,
    LONGEST_PREFIX,
    SEGMENTS_PER_SECOND,
)
from domain.text.joining import WINDOW_SECONDS, Segments
from providers.credentials import EntryKind
from providers.registry import descriptions
from services.configuring import connectors, lines
from services.configuring.lines import LineDetail

JoinWindow = Annotated[int, within(JOIN_WINDOW, "Seconds.")]
Prefix = Annotated[OneLine, Field(max_length=LONGEST_PREFIX)]
GiveUp = Annotated[int, within(GIVE_UP, "Seconds.")]
Pace = Annotated[float, within(SEGMENTS_PER_SECOND, "Segments a second.")]


SHOWN = descriptions()[0]
"""The provider of the examples."""


def _secrets() -> dict[str, object]:
    """Describe the secrets of connectors: each provider has its own fields."""
    return {"anyOf": [one.credentials.model_json_schema() for one in descriptions()]}


Secrets = Annotated[dict[str, JsonValue], Field(max_length=20), WithJsonSchema(_secrets())]
"""What proves us to the provider. Written, never shown; `GET /providers` lists the fields."""


class FormFieldOut(Answer):
    """One field of a connector's secret."""

    name: str
    label: str
    help: str
    is_secret: bool
    is_required: bool
    pattern: str | None
    """A regular expression for the whole value."""
    kind: EntryKind
    """How it is filled in: a text, yes or no, or an object of texts."""


class CapabilitiesOut(Answer):
    """What a provider can do."""

    finds_by_number: bool
    """It can find a text that it never confirmed."""
    finds_by_id: bool
    """It can be asked what became of a text."""
    confirms_opt_outs: bool
    """It answers STOP, START and HELP itself."""
    sends_parts: bool
    reports_parts: bool
    takes_media: bool
    sends_media: bool
    longest_text: int
    """UTF-16 units of a text to a consumer."""


class ProviderOut(Answer):
    """A provider that a connector can be of."""

    name: str
    label: str
    fields: list[FormFieldOut]
    """Of the connector's `secret`."""
    capabilities: CapabilitiesOut


class FindingOut(Answer):
    """The result of one check of a connector. `sentence`: what to do, empty if all is well."""

    check: str
    label: str
    is_well: bool
    sentence: str


class ConnectorPauseOut(Answer):
    """Why a connector is out of order, and when it is tried again."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    paused_at: datetime
    try_at: datetime
    tries: int
    """How many texts have tried it since."""
    code: str
    sentence: str
    provider_code: str | None
    """The provider's own code for the reason."""


class ConnectorOut(Answer):
    """A connection to a provider; its secrets are never shown."""

    id: str
    provider: str
    name: str
    api_url: str | None
    prefix: str
    resend_unconfirmed: bool
    may_overtake_unconfirmed: bool
    segments: Segments
    join_window_seconds: int
    filed_after_seconds: int
    give_up_seconds: int
    """A text that could not leave for this long fails, and its agent reads why."""
    pause: ConnectorPauseOut | None
    """Set while the provider refuses the whole account: its texts wait. Null: it is in order."""
    retired_at: datetime | None

    @classmethod
    def of(cls, row: Connector, pause: ConnectorPause | None = None) -> Self:
        return cls(
            id=row.id,
            provider=row.provider,
            name=row.name,
            api_url=row.api_url,
            prefix=row.prefix,
            resend_unconfirmed=row.resend_unconfirmed,
            may_overtake_unconfirmed=row.may_overtake_unconfirmed,
            segments=Segments(row.segments),
            join_window_seconds=row.join_window_seconds,
            filed_after_seconds=row.filed_after_seconds,
            give_up_seconds=row.give_up_seconds,
            pause=ConnectorPauseOut.model_validate(pause) if pause else None,
            retired_at=row.retired_at,
        )


class NewConnector(Request):
    model_config = example(
        provider=SHOWN.name,
        name=SHOWN.label,
        secret=dict(SHOWN.example),
    )

    id: SlugText | None = None
    provider: SlugText
    name: Name
    secret: Secrets
    api_url: HttpUrl | None = Field(
        default=None, description="Another address of the provider. In development only."
    )
    prefix: Prefix = Field(default="", description="Put before every automatic message.")
    resend_unconfirmed: bool = Field(
        default=False,
        description="Send a text again when the provider never confirmed it and does not list it.",
    )
    may_overtake_unconfirmed: bool = Field(
        default=True,
        description="Send later texts of a conversation after some seconds even if it is not known "
        "yet whether an earlier one was sent. Off: they wait until it is known.",
    )
    segments: Segments = Field(
        default=Segments.separate,
        description="For providers that send the parts of a consumer's long text one by one. "
        "separate: each part is a text of its own. joined: they become one text.",
    )
    join_window_seconds: JoinWindow = Field(
        default=WINDOW_SECONDS,
        description="How long a text waits for its parts, from the first one on. Then it is shown "
        "with a mark where parts are missing.",
    )
    filed_after_seconds: int = Field(
        default=connectors.FILED_AFTER_SECONDS,
        description="A text that is fetched from the provider later than this after it was sent is "
        "filed, and not acted on.",
    )
    give_up_seconds: GiveUp = Field(
        default=connectors.GIVE_UP_SECONDS,
        description="A text that could not leave for this long fails, and its agent reads why.",
    )

    @property
    def wanted(self) -> connectors.NewConnector:
        return connectors.NewConnector(**_with_address(self.model_dump()))


class ConnectorChange(Request):
    """Fields that are left out stay as they are. A secret is replaced whole."""

    model_config = example(name="Main account")

    name: Name = change("Its name.")
    secret: Secrets = change("Replaces the previous one.")
    api_url: HttpUrl | None = change("In development only.")
    prefix: Prefix = change("Put before every automatic message.")
    resend_unconfirmed: bool = change("Whether to send a text again that may not have been sent.")
    may_overtake_unconfirmed: bool = change(
        "Whether later texts may be sent before it is known whether an earlier one was."
    )
    segments: Segments = change("Whether the parts of a consumer's long text are joined.")
    join_window_seconds: JoinWindow = change("How long a text waits for its parts.")
    filed_after_seconds: int = change("When a text that is fetched late is only filed.")
    give_up_seconds: GiveUp = change("How long a text may wait before it fails.")

    @property
    def wanted(self) -> connectors.ConnectorChange:
        return connectors.ConnectorChange(**_with_address(sent(self)))


class KeywordRoute(Answer):
    """A word, and the skill of the conversations whose first text begins with it."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")

    keyword: Annotated[Name, Field(max_length=40)]
    skill: SlugText


def _with_address(values: dict[str, Any]) -> dict[str, Any]:
    if values.get("api_url") is not None:
        values["api_url"] = str(values["api_url"])
    return values


KeywordRoutes = Annotated[list[KeywordRoute], Field(max_length=50)]


class MisdirectedTexts(Answer):
    """Texts the provider posts to the wrong line: its settings must be changed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    reason: Misdirected
    first_at: datetime
    last_at: datetime
    times: int


class RefusedWebhooks(Answer):
    """Requests to a line's webhooks that its provider did not sign, so that they were refused.

    Strangers can send them. If they are the provider's, the connector's secret or the public
    address is wrong. `reason` and `request` are the last one's, redacted.
    """

    first_at: datetime
    last_at: datetime
    times: int
    reason: str
    request: str


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
    segments_per_second: float | None
    """How fast its texts leave; null: replies as they come, proactive ones as its kind may."""
    smart_encoding: bool
    """The provider replaces characters that GSM-7 lacks, such as curly quotes, by similar ones."""
    keywords: list[KeywordRoute]
    """A first text that begins with one of these words goes to its skill instead."""
    inbound_webhook: str | None
    """The address to give the provider for this line's texts; null: unknown provider."""
    misdirected_texts: list[MisdirectedTexts]
    """Texts that came to that address for other lines, the newest first."""
    refused_webhooks: RefusedWebhooks | None
    """What was refused there for want of a signature. For admins; null for others."""
    retired_at: datetime | None

    @classmethod
    def of(cls, found: LineDetail, inbound_webhook: str | None) -> Self:
        line, keywords = found.line, found.keywords.items()
        return cls(
            id=line.id,
            connector_id=line.connector_id,
            name=line.name,
            address=line.address,
            kind=LineKind(line.kind),
            entry_skill_id=line.entry_skill_id,
            priority=line.priority,
            language=line.language,
            segments_per_second=line.segments_per_second,
            smart_encoding=line.smart_encoding,
            keywords=[KeywordRoute(keyword=word, skill=skill) for word, skill in keywords],
            inbound_webhook=inbound_webhook,
            misdirected_texts=[MisdirectedTexts.model_validate(row) for row in found.misdirected],
            refused_webhooks=found.refused and RefusedWebhooks.model_validate(found.refused),
            retired_at=line.retired_at,
        )


class NewLine(Request):
    """`address`: E.164 number, short code or Messaging Service SID."""

    model_config = example(
        name="Returns line",
        connector="acme-main",
        address="+12025550109",
        entry_skill="acme-support",
    )

    id: SlugText | None = None
    name: Name
    connector: SlugText
    address: Name
    kind: LineKind | None = Field(
        default=None,
        description="Left out: taken from the address. A kind the address cannot be is refused.",
    )
    entry_skill: SlugText
    priority: Priority = 0
    language: Language | None = None
    segments_per_second: Pace | None = Field(
        default=None,
        description="How fast its texts leave. Null: replies leave as they come, and proactive "
        "texts as fast as providers usually allow its kind: 1 for a long code, 3 for a "
        "toll-free number, 100 for a short code, at once for a service.",
    )
    smart_encoding: bool = Field(
        default=False,
        description="Have the provider replace characters that GSM-7 lacks, such as curly quotes, "
        "so that a text takes fewer segments. Turn it on too if the provider does so by itself.",
    )
    keywords: KeywordRoutes = Field(default_factory=list, description="One skill per first word.")

    @property
    def wanted(self) -> lines.NewLine:
        return lines.NewLine(**self.model_dump() | {"keywords": _pairs(self.keywords)})


class LineChange(Request):
    """Fields that are left out stay as they are. Another address is another line."""

    model_config = example(name="Returns and repairs")

    name: Name = change("The name agents see.")
    kind: LineKind = change("The kind of address, if it can be more than one.")
    entry_skill: SlugText = change("Where its new conversations go.")
    priority: Priority = change(
        "Minutes: served as if it had arrived, or were due, that much earlier."
    )
    language: Language | None = change("Null for the account's.")
    segments_per_second: Pace | None = change("How fast its texts leave; null: by its kind.")
    smart_encoding: bool = change("Whether the provider replaces characters that GSM-7 lacks.")
    keywords: KeywordRoutes = change("All of the line's keywords from now on.")

    @property
    def wanted(self) -> lines.LineChange:
        values = sent(self)
        if "keywords" in values:
            values["keywords"] = _pairs(self.keywords)
        return lines.LineChange(**values)


def _pairs(routes: Sequence[KeywordRoute]) -> list[tuple[str, str]]:
    return [(route.keyword, route.skill) for route in routes]
