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
    """A text the account has set. Most specific first: line, skill or connector, account."""

    id: int
    event: Automatic
    line_id: str | None
    skill_id: str | None
    connector_id: str | None
    language: str
    text: str
    enabled: bool


class AutomaticDefault(Answer):
    """What is sent where nothing is set, and a text to start from where none is sent."""

    event: Automatic
    text: str
    enabled: bool


class AutomaticMessages(Answer):
    set: list[AutomaticOut]
    defaults: list[AutomaticDefault]


class AutomaticIn(Request):
    """Sets the text of an event in a language: for all, a line, a skill, or a connector.

    A text of the survey is never for a skill, and only they are for a connector.
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
    """A text to be looked at before it is saved. Names stand for what is not known yet."""

    model_config = example(event="agent_joined", text="{agent} of {brand} is with you.")

    event: Automatic = Automatic.agent_joined
    text: Text
    connector: SlugText | None = Field(default=None, description="Whose prefix stands before it.")
    skill: SlugText | None = Field(default=None, description="Default: any of the account's.")
    language: Language | None = Field(default=None, description="Default: the account's.")

    @property
    def draft(self) -> automatic_messages.Draft:
        return automatic_messages.Draft(**self.model_dump())


class PreviewOut(Answer):
    """A text as a consumer would read it, and what it costs."""

    text: str
    characters: int
    """Of all of it; `text` is cut at 1600."""
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
    """When time sends a message that the account has timed itself; in every language."""

    id: int
    event: Automatic
    line_id: str | None
    skill_id: str | None
    delay_seconds: int
    repeats: int


class TimerDefault(Answer):
    """When time sends a message where nothing is set."""

    event: Automatic
    delay_seconds: int
    repeats: int


class Timers(Answer):
    set: list[TimerOut]
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
    """Times a message: for all, for a line or for a skill.

    `auto_close_warning` is sent once, so long before the closing; the others after so long a
    silence or wait, and again at the same distance.
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
    """Of what was set, where it can be removed."""
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


class HoldingTimer(Answer):
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


class HoldingText(Answer):
    """What is said on an event, and where the text comes from."""

    event: Automatic
    enabled: bool
    text: str
    language: str
    origin: Origin
    id: int | None
    """Of the text that was set; null for the product's default."""
    switched_by: int | None
    """Of the text whose switch holds, where the words are the product's; null: the default's."""
    passed_over: list[PassedOverOut]
    """What else was set, the next to hold first."""
    timer: HoldingTimer | None
    """Of messages that only time sends."""

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
            timer=HoldingTimer.of(timer) if timer else None,
        )


class HoldingTexts(Answer):
    """What a consumer of a line is told while their conversation is with a skill."""

    line_id: str
    skill_id: str
    language: str
    prefix: str
    """Of the line's connector: stands before every text."""
    messages: list[HoldingText]

    @classmethod
    def of(cls, held: Effective) -> Self:
        return cls(
            line_id=held.settings.line.id,
            skill_id=held.settings.skill.id,
            language=held.language.value,
            prefix=held.settings.line.prefix,
            messages=HoldingText.listed(held),
        )
