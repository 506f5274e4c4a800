"""Phone calls and menus."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.shared import (
    Answer,
    Language,
    Name,
    Request,
    SlugText,
    Text,
    change,
    example,
    sent,
)
from database.tables import MenuVersion, PhoneCall
from domain.calls.evidence import Evidence
from domain.calls.kinds import CallOutcome, WhyNot
from domain.calls.menu import Design
from domain.calls.playing import MOST_ACTS, Act, By, Played
from services import calls
from services.calls import SENTENCES, CallDetail
from services.configuring import menus
from services.configuring.menus import MenuDetail

Number = Annotated[str, Field(min_length=1, max_length=100)]
Numbers = Annotated[list[Number], Field(max_length=menus.MOST_NUMBERS)]
LookBack = Annotated[int, Field(description="Seconds, 1 hour to 30 days.")]


class MenuOut(Answer):
    """A menu in its present version."""

    id: str
    name: str
    version: int
    design: Design
    numbers: list[str]
    """The phone numbers whose calls it answers."""
    retired_at: datetime | None

    @classmethod
    def of(cls, found: MenuDetail) -> Self:
        menu = found.at.menu
        return cls(
            id=menu.id,
            name=menu.name,
            version=menu.version,
            design=found.at.design,
            numbers=[one.number for one in found.numbers],
            retired_at=menu.retired_at,
        )


class MenuVersionOut(Answer):
    """A menu as it was from `created_at` to the next version."""

    version: int
    created_at: datetime
    agent_id: str | None
    token_id: str | None
    design: Design

    @classmethod
    def of(cls, row: MenuVersion) -> Self:
        return cls.model_validate(row)


class NewMenu(Request):
    model_config = example(
        name="Hotline", numbers=["+12025550100"], design={"line": "acme-support-line"}
    )

    id: SlugText | None = None
    name: Name
    numbers: Numbers = Field(
        default_factory=list, description="The phone numbers whose calls it answers."
    )
    design: Design

    @property
    def wanted(self) -> menus.NewMenu:
        return menus.NewMenu(self.name, self.design, self.numbers, self.id)


class MenuChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(design={"line": "acme-support-line", "languages": ["en", "es"]})

    name: Name = change("For people.")
    numbers: Numbers = change("All of its numbers from now on.")
    design: Design = change("The whole design. A different one becomes a new version.")

    @property
    def wanted(self) -> menus.MenuChange:
        values = {name: getattr(self, name) for name in sent(self)}
        return menus.MenuChange(**values)


class NumberSetUpOut(Answer):
    """Where the provider posts a number's calls, and where it should."""

    number: str
    wanted_voice_url: str
    wanted_status_url: str
    voice_url: str | None
    """Null: the provider did not say; `sentence` says why."""
    status_url: str | None
    is_set_up: bool
    may_take_back: bool
    sentence: str


class SetUpIn(Request):
    model_config = example(number="+12025550100", replaces="https://demo.twilio.com/welcome/voice/")

    number: Number
    replaces: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None,
        description="The `voice_url` you saw. Refused if the provider calls another one by now.",
    )


class NumberIn(Request):
    model_config = example(number="+12025550100")

    number: Number


class CallToPlay(Request):
    """A call that nobody makes. `acts`: in their order."""

    model_config = example(acts=["silence", "1"])

    acts: Annotated[list[Annotated[str, Field(max_length=10)]], Field(max_length=MOST_ACTS)] = (
        Field(
            default_factory=list,
            description="Keys as they are written, `silence`, `say`, `wait`, `nobody`. One that "
            "does not fit ends the call.",
        )
    )
    why_not: WhyNot | None = Field(
        default=None, description="Why the caller cannot be texted; null: they can."
    )
    design: Design | None = Field(
        default=None, description="One that is not saved; null: the menu's own."
    )


class PlayedLine(Answer):
    """What somebody says or does. `language`: of spoken words."""

    by: By
    words: str
    language: str


class PlayedOut(Answer):
    """A call as far as it was played: what was said, what may come next, and the text at its end.

    `keys`, `others`: acts that may follow. `acts`: those that were played.
    """

    lines: list[PlayedLine]
    keys: list[str]
    others: list[Act]
    acts: list[str]
    text: str

    @classmethod
    def of(cls, played: Played) -> Self:
        return cls.model_validate(played)


class AnnouncedCall(Request):
    """A call that another phone system has. Either a menu, or a line."""

    model_config = example(number="+12025550123", menu="acme-hotline", look_back=86400)

    number: Annotated[str, Field(max_length=200)] = Field(
        description="The caller's, in international form, or what stands for it, such as anonymous."
    )
    menu: SlugText | None = None
    line: SlugText | None = Field(default=None, description="The line that texts, without a menu.")
    skill: SlugText | None = Field(default=None, description="Where a reply goes.")
    language: Language | None = None
    look_back: LookBack | None = None

    @property
    def wanted(self) -> calls.AnnouncedCall:
        return calls.AnnouncedCall(**self.model_dump())


class EligibilityOut(Answer):
    """Whether a caller can be texted. `call_id`: for the invitation."""

    call_id: UUID
    eligible: bool
    why_not: WhyNot | None
    sentence: str

    @classmethod
    def of(cls, call: PhoneCall) -> Self:
        why_not = WhyNot(call.why_not) if call.why_not else None
        sentence = SENTENCES[why_not] if why_not else "This caller can be texted."
        return cls(call_id=call.id, eligible=why_not is None, why_not=why_not, sentence=sentence)


class PressedIn(Request):
    """How the caller asked for a text: evidence of their consent."""

    keys: Annotated[str, Field(max_length=32)] = ""
    speech: Annotated[Text, Field(max_length=1000)] = ""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    prompt: Annotated[Text, Field(max_length=1000)] = Field(
        default="", description="The exact words that the caller had heard."
    )


class CallInvitation(Request):
    model_config = example(pressed={"keys": "1", "prompt": "To continue by text, press 1."})

    pressed: PressedIn | None = Field(
        default=None, description="Null: nobody asked for it; the call was missed."
    )
    text: Annotated[Text, Field(max_length=5000)] | None = Field(
        default=None, description="Own words instead of the menu's."
    )

    @property
    def wanted(self) -> calls.Pressed | None:
        return calls.Pressed(**self.pressed.model_dump()) if self.pressed else None


class CallOut(Answer):
    """A phone call, and its one text if there is one."""

    id: UUID
    caller: str
    called: str
    menu: str | None
    menu_version: int | None
    line: str
    skill: str
    language: str
    look_back: LookBack
    outcome: CallOutcome
    began_at: datetime
    ended_at: datetime | None
    asked: Evidence | None
    """What the caller heard, and what they pressed or said."""
    why_not: WhyNot | None
    sentence: str
    """Why no text left, or why it did not arrive."""
    text_due_at: datetime | None
    """When a text for a missed call is decided; null: it is decided."""
    message_id: UUID | None
    texted_at: datetime | None
    message_status: str | None
    conversation_id: UUID | None
    """The conversation that the reply opened."""

    @classmethod
    def of(cls, found: CallDetail) -> Self:
        call, fate = found.call, found.fate
        why_not = WhyNot(call.why_not) if call.why_not and not call.message_id else None
        sentence = SENTENCES[why_not] if why_not else (fate and fate.failure) or ""
        return cls(
            id=call.id,
            caller=call.caller,
            called=call.called,
            menu=call.menu_id,
            menu_version=call.menu_version,
            line=call.line_id,
            skill=call.skill_id,
            language=call.language,
            look_back=call.look_back_seconds,
            outcome=found.outcome,
            began_at=call.began_at,
            ended_at=call.ended_at,
            asked=Evidence.model_validate(call.asked) if call.asked else None,
            why_not=why_not,
            sentence=sentence,
            text_due_at=call.text_due_at,
            message_id=call.message_id,
            texted_at=call.texted_at,
            message_status=fate.status if fate else None,
            conversation_id=fate.conversation_id if fate else None,
        )
