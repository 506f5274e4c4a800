"""Numbers of a provider's account, and how a line is."""

from datetime import datetime
from typing import Self

from pydantic import Field

from api.schemas.brand import FindingOut
from api.schemas.shared import Answer, Name, Request, SlugText, example
from domain.numbers.kinds import LineKind
from providers.numbers import CallsGo
from services.line_health import LineReport
from services.number_set_up import ListedNumber, Pick


class NumberOut(Answer):
    """A number, a short code or a service of the provider's account."""

    address: str
    name: str
    kind: LineKind
    texts_go_to: str
    """Empty: nowhere."""
    texts_fall_back_to: str
    """Where they go if that fails. Empty: nowhere."""
    takes_calls: bool
    calls_go_to: str
    """Empty: nowhere."""
    calls_taken_by: str
    """What takes its calls before any address, such as a TwiML app; empty: nothing."""
    line_id: str | None
    """The line it is here; null: of none."""
    is_ours: bool
    """Its texts come here."""
    sentence: str
    """Why it cannot be connected, or what keeps its texts away; empty: nothing."""

    @classmethod
    def of(cls, found: ListedNumber) -> Self:
        sender = found.sender
        calls = sender.calls or CallsGo()
        return cls(
            address=sender.address,
            name=sender.name,
            kind=sender.kind,
            texts_go_to=sender.addresses.inbound,
            texts_fall_back_to=sender.addresses.fallback,
            takes_calls=sender.calls is not None,
            calls_go_to=calls.to,
            calls_taken_by=calls.past,
            line_id=found.line_id,
            is_ours=found.is_ours,
            sentence=found.sentence,
        )


class NumberPick(Request):
    """A number to connect, and the skill that answers it."""

    model_config = example(address="+12025550109", entry_skill="acme-support", name="Returns line")

    address: Name
    entry_skill: SlugText
    name: Name | None = Field(default=None, description="Left out: the provider's.")
    replaces: str | None = Field(
        default=None,
        max_length=2000,
        description="Where its texts go now, as you saw it: if they go elsewhere by then, nothing "
        "is changed. Left out: wherever.",
    )
    replaces_fallback: str | None = Field(
        default=None, max_length=2000, description="And where they go if that fails."
    )

    @property
    def wanted(self) -> Pick:
        return Pick(
            self.address,
            self.entry_skill,
            self.name or "",
            self.replaces,
            self.replaces_fallback,
        )


class LineReportOut(Answer):
    """Whether a line's texts pass."""

    checked_at: datetime
    broken_since: datetime | None
    """Null: nothing keeps its texts from passing."""
    last_text_in: datetime | None
    last_text_out: datetime | None
    findings: list[FindingOut]

    @classmethod
    def of(cls, report: LineReport) -> Self:
        return cls(
            checked_at=report.checked_at,
            broken_since=report.broken_since,
            last_text_in=report.last_in,
            last_text_out=report.last_out,
            findings=[
                FindingOut(
                    check=one.check.name,
                    label=one.check.label,
                    is_well=one.is_well,
                    sentence=one.sentence,
                )
                for one in report.findings
            ],
        )


class AnsweredCalls(Request):
    """That a line's own calls are to be answered with the offer of a text."""

    model_config = example(replaces="https://demo.twilio.com/welcome/voice/")

    replaces: str | None = Field(
        default=None,
        max_length=2000,
        description="Where its calls go now, as you saw it: if they go elsewhere by then, nothing "
        "is changed. Left out: wherever.",
    )


class TakenBack(Answer):
    """`was_set_up`: it was us who had changed it."""

    was_set_up: bool
