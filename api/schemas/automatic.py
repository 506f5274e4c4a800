"""Automatic messages: their texts, their timers, and what holds for a line."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field

from api.schemas.shared import Answer, Language, Request, SlugText, Text, example
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import LONGEST, MOST_REPEATS, SHORTEST, TimerSetting
from domain.automatic.preview import Preview
from domain.automatic.wordings import Text as Said
from domain.policy.effective import Effective
from domain.settings.resolution import PassedOver, PassedOverReason, Resolved
from domain.settings.scope import Origin
from domain.text.segments import Encoding
from services.configuring import automatic_messages


class AutomaticOut(Answer):
    """A text the account has set. The most specific applies: line, skill or connector, account."""

    id: int
    event: Automatic
    line_id: str | None
    skill_id: str | None
    connector_id: str | None
    language: str
    text: str
    enabled: bool


class AutomaticDefault(Answer):
    """The default text of an event; where none is sent by default, a text to start from."""

    event: Automatic
    text: str
    enabled: bool


class AutomaticMessages(Answer):
    set: list[AutomaticOut]
    next: str | None = None
    """The `cursor` of the next part of `set`; null at the end."""
    defaults: list[AutomaticDefault]


class AutomaticIn(Request):
    """Sets the text of an event in a language: for all, a line, a skill, or a connector.

    Texts of the survey are never for a skill. Only they can be for a connector.
    """

    model_config = example(event="welcome", language="en", text="Hello from {brand}!", enabled=True)

    event: Automatic
    line: SlugText | None = None
    skill: SlugText | None = None
    connector: SlugText | None = None
    language: Language | None = Field(default=None, description="Default: the account's.")
    text: Text
    enabled: bool = True

    @property
    def new_text(self) -> automatic_messages.NewText:
        return automatic_messages.NewText(**self.model_dump())


class PreviewIn(Request):
    """A text to preview before it is saved. Names stand for what is not known yet."""

    model_config = example(event="agent_joined", text="{agent} of {brand} is with you.")

    event: Automatic = Automatic.agent_joined
    text: Text
    connector: SlugText | None = Field(
        default=None, description="Whose prefix comes before the text."
    )
    skill: SlugText | None = Field(default=None, description="Default: any skill of the account.")
    language: Language | None = Field(default=None, description="Default: the account's.")

    @property
    def draft(self) -> automatic_messages.Draft:
        return automatic_messages.Draft(**self.model_dump())


class PreviewOut(Answer):
    """A text as a consumer would read it, and its cost."""

    text: str
    characters: int
    """Of the whole text; `text` is cut at 1600."""
    segments: int
    encoding: Encoding
    units: int
    """Septets of GSM-7, or 16-bit units."""
    forced_by: str
    """The characters that GSM-7 lacks."""
    refused: str | None
    """Why it could not be saved, as a sentence."""
    warnings: list[str]

    @classmethod
    def of(cls, shown: Preview) -> Self:
        cost = shown.segments
        return cls(
            text=shown.text,
            characters=shown.characters,
            segments=cost.count,
            encoding=cost.encoding,
            units=cost.units,
            forced_by=cost.forced_by,
            refused=shown.refused,
            warnings=list(shown.warnings),
        )


class TimerOut(Answer):
    """When a message is sent, as the account has set it; the same in every language."""

    id: int
    event: Automatic
    line_id: str | None
    skill_id: str | None
    delay_seconds: int
    repeats: int


class TimerDefault(Answer):
    """When a message is sent by default."""

    event: Automatic
    delay_seconds: int
    repeats: int


class Timers(Answer):
    set: list[TimerOut]
    next: str | None = None
    """The `cursor` of the next part of `set`; null at the end."""
    defaults: list[TimerDefault]


DelaySeconds = Annotated[
    int,
    Field(
        ge=round(SHORTEST.total_seconds()),
        le=round(LONGEST.total_seconds()),
        description="15 s to 90 days.",
    ),
]


class TimerIn(Request):
    """Sets when a message is sent: for the account, for a line or for a skill.

    `auto_close_warning` is sent once, `delay_seconds` before the closing. The others are sent after
    that much silence or waiting, and again after the same time.
    """

    model_config = example(event="waiting_in_queue", delay_seconds=600, repeats=2)

    event: Automatic
    line: SlugText | None = None
    skill: SlugText | None = None
    delay_seconds: DelaySeconds
    repeats: Annotated[int, Field(ge=1, le=MOST_REPEATS)] = 1

    @property
    def setting(self) -> TimerSetting:
        timer = Timer(delay=timedelta(seconds=self.delay_seconds), repeats=self.repeats)
        return TimerSetting(self.event, timer, line_id=self.line, skill_id=self.skill)


class PassedOverOut(Answer):
    """A setting that was passed over for the one that holds, and why."""

    origin: Origin
    id: int | None
    """Of the setting, where it can be removed."""
    language: str | None
    """Of a text."""
    because: PassedOverReason

    @classmethod
    def listed(cls, passed_over: Sequence[PassedOver]) -> list[Self]:
        return [
            cls(
                origin=one.source.origin,
                id=one.source.id,
                language=one.source.language,
                because=one.because,
            )
            for one in passed_over
        ]


class EffectiveTimer(Answer):
    delay_seconds: int
    repeats: int
    origin: Origin
    id: int | None
    """Of the timer that was set; null for the product's default."""
    passed_over: list[PassedOverOut]

    @classmethod
    def of(cls, held: Resolved[Timer]) -> Self:
        return cls(
            delay_seconds=round(held.value.delay.total_seconds()),
            repeats=held.value.repeats,
            origin=held.origin,
            id=held.source.id,
            passed_over=PassedOverOut.listed(held.passed_over),
        )


class EffectiveText(Answer):
    """The text for an event, and where it comes from."""

    event: Automatic
    enabled: bool
    text: str
    language: str
    origin: Origin
    id: int | None
    """Of the text that was set; null for the product's default."""
    switched_by: int | None
    """The text that switches it on or off, where the words are the product's; null: the default."""
    passed_over: list[PassedOverOut]
    """What else was set, the next to apply first."""
    timer: EffectiveTimer | None
    """Of messages that are sent after a time."""

    @classmethod
    def listed(cls, held: Effective) -> list[Self]:
        return [cls._of(event, text, held.timers.get(event)) for event, text in held.texts.items()]

    @classmethod
    def _of(cls, event: Automatic, text: Resolved[Said], timer: Resolved[Timer] | None) -> Self:
        said = text.value
        return cls(
            event=event,
            enabled=said.enabled,
            text=said.text,
            language=said.language,
            origin=text.origin,
            id=text.source.id,
            switched_by=said.switched_by.id if said.switched_by else None,
            passed_over=PassedOverOut.listed(text.passed_over),
            timer=EffectiveTimer.of(timer) if timer else None,
        )


class EffectiveTexts(Answer):
    """The automatic messages of a line while a conversation is with a skill."""

    line_id: str
    skill_id: str
    language: str
    prefix: str
    """The connector's prefix, put before every text."""
    messages: list[EffectiveText]

    @classmethod
    def of(cls, held: Effective) -> Self:
        return cls(
            line_id=held.settings.line.id,
            skill_id=held.settings.skill.id,
            language=held.language.value,
            prefix=held.settings.line.prefix,
            messages=EffectiveText.listed(held),
        )
