"""Consumers: who texts, what is known of them, and whether they can be texted."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.shared import Answer, Language, Request, SlugText, change, example, sent
from database.tables import Consumer, Conversation
from domain.consumers.fields import MOST_FIELDS
from domain.consumers.kinds import FieldKind
from domain.consumers.links import LONGEST_LINK
from domain.consumers.words import LONGEST_EMAIL, LONGEST_NAME, LONGEST_NOTE
from domain.conversation.kinds import Status
from domain.language_settings import LanguageSource
from domain.numbers.shown_numbers import shown_number
from services import consumers
from services.consumers import ConsumerShown, FieldShown, NumberShown
from services.looking.consumers import ConsumerListed


class ConsumerOut(Answer):
    id: UUID
    number: str
    number_shown: str
    """The number in groups, as people read it."""
    kept_id: UUID
    """The consumer that all their numbers belong to; the same as `id` unless they are merged."""
    name: str | None
    language: str | None
    """Their language, if it is known; for automatic messages."""
    language_source: LanguageSource | None
    """Who set it."""

    @classmethod
    def of(cls, consumer: Consumer) -> Self:
        source = consumer.language_source
        return cls(
            id=consumer.id,
            number=consumer.number,
            number_shown=shown_number(consumer.number),
            kept_id=consumer.merged_into_id or consumer.id,
            name=consumer.name,
            language=consumer.language,
            language_source=LanguageSource(source) if source else None,
        )


class ConsumerNumber(Answer):
    """A number of a consumer. Each has its own thread, consent, block and language."""

    consumer_id: UUID
    number: str
    number_shown: str
    language: str | None
    last_text_at: datetime | None
    is_opted_out: bool
    opted_out_lines: list[str]
    blocked_at: datetime | None
    merged_at: datetime | None
    """Since when it belongs to this consumer; null for the number that was kept."""
    merged_by: str | None
    """The name of the person who merged it; null: a program did."""

    @classmethod
    def shown(cls, one: NumberShown) -> Self:
        return cls(
            consumer_id=one.consumer.id,
            number=one.consumer.number,
            number_shown=shown_number(one.consumer.number),
            language=one.consumer.language,
            last_text_at=one.consumer.last_text_at,
            is_opted_out=one.is_opted_out,
            opted_out_lines=list(one.opted_out_lines),
            blocked_at=one.consumer.blocked_at,
            merged_at=one.merge.at if one.merge else None,
            merged_by=one.merge.by if one.merge else None,
        )


class ConsumerFieldValue(Answer):
    """A field of the account's own that you may see. `value`: of yes or no a boolean, else a text;
    numbers are decimals such as 12.50, dates such as 2026-12-24.
    """

    id: str
    name: str
    kind: FieldKind
    choices: list[str]
    is_required: bool
    """It should be known. Nothing is held up where it is not."""
    may_edit: bool
    value: str | bool | None

    @classmethod
    def shown(cls, one: FieldShown) -> Self:
        return cls(
            id=one.field.id,
            name=one.field.name,
            kind=one.field.kind,
            choices=list(one.field.choices),
            is_required=one.field.is_required,
            may_edit=one.may_edit,
            value=one.value,
        )


class ConsumerDetail(ConsumerOut):
    """A consumer by one of their numbers: language, consent and block are this number's, name,
    e-mail, note and fields the same for all `numbers`.
    """

    email: str | None
    note: str | None
    """For colleagues, about the consumer and not one conversation."""
    fields: list[ConsumerFieldValue]
    revision: int
    """Give it back with a change: it tells whether somebody else changed something since."""
    numbers: list[ConsumerNumber]
    last_text_at: datetime | None
    is_opted_out: bool
    """From all of the account's lines. `opted_out_lines` has those of single lines."""
    opted_out_lines: list[str]
    blocked_at: datetime | None
    """When a manager blocked them; null: they are not blocked."""
    blocked_reason: str | None

    @classmethod
    def shown(cls, found: ConsumerShown) -> Self:
        consumer = found.consumer
        return cls(
            **ConsumerOut.of(consumer).model_dump(),
            email=consumer.email,
            note=consumer.note,
            fields=[ConsumerFieldValue.shown(one) for one in found.fields],
            revision=consumer.revision,
            numbers=[ConsumerNumber.shown(one) for one in found.numbers],
            last_text_at=consumer.last_text_at,
            is_opted_out=found.asked.is_opted_out,
            opted_out_lines=list(found.asked.opted_out_lines),
            blocked_at=consumer.blocked_at,
            blocked_reason=consumer.blocked_reason,
        )


class OptOut(Request):
    """Why a consumer is opted out, if there is more to say than that they asked for it."""

    model_config = example(reason="Asked on the phone.")

    reason: str | None = Field(
        default=None, max_length=500, description="Stands in the ledger of consent as evidence."
    )


class ConsumerConversation(Answer):
    """A conversation of a consumer, in short."""

    id: UUID
    line_id: str
    status: Status
    opened_at: datetime
    last_message_at: datetime | None
    last_text: str | None
    """Null for a token without the scope `conversations:read` as well."""

    @classmethod
    def shown(cls, row: Conversation, *, with_text: bool) -> Self:
        shown = cls.model_validate(row)
        return shown if with_text else shown.model_copy(update={"last_text": None})


class ConsumerInList(ConsumerOut):
    """A consumer by the number that was heard of last. `seen_at`: when that was."""

    email: str | None
    numbers: list[str]
    """All numbers of the consumer, in groups, the kept one first."""
    seen_at: datetime
    newest_conversation: ConsumerConversation | None
    """Of those that you may see."""
    open_conversation: ConsumerConversation | None
    """The newest that waits for an agent or has one."""

    @classmethod
    def shown(cls, one: ConsumerListed) -> Self:
        newest, is_open = [
            row and ConsumerConversation.shown(row, with_text=one.shows_texts)
            for row in (one.newest, one.open)
        ]
        return cls(
            **ConsumerOut.of(one.consumer).model_dump(),
            email=one.consumer.email,
            numbers=[shown_number(number.number) for number in one.numbers],
            seen_at=one.seen_at,
            newest_conversation=newest,
            open_conversation=is_open,
        )


GivenValue = Annotated[str, StringConstraints(max_length=LONGEST_LINK)] | bool | int | None


class ConsumerChange(Request):
    """Details that are left out stay as they are; null empties one. It counts for all numbers."""

    model_config = example(
        revision=0, name="Mia Lindner", fields={"acme-order-number": "4711", "acme-tier": None}
    )

    revision: int = Field(ge=0, le=2**31 - 1, description="Of the consumer, as you read them.")
    name: Annotated[str, StringConstraints(max_length=4 * LONGEST_NAME)] | None = change(
        f"Up to {LONGEST_NAME} characters."
    )
    email: Annotated[str, StringConstraints(max_length=LONGEST_EMAIL)] | None = change("")
    note: Annotated[str, StringConstraints(max_length=2 * LONGEST_NOTE)] | None = change(
        f"For colleagues, up to {LONGEST_NOTE:,} characters."
    )
    fields: dict[SlugText, GivenValue] = Field(
        default_factory=dict,
        max_length=MOST_FIELDS,
        description="Values by the ids of fields: texts, booleans for yes or no.",
    )

    @property
    def wanted(self) -> consumers.ProfileChange:
        return consumers.ProfileChange(**sent(self))


class ConsumerMerge(Request):
    """Which other consumer turned out to be this one."""

    model_config = example(consumer_id="6f1c2a4e-8d3b-4f57-9b1e-0a2c4d6e8f10")

    consumer_id: UUID = Field(description="The consumer to merge into the one of the address.")


class Block(Request):
    """Why a consumer is blocked, for colleagues."""

    model_config = example(reason="Sends threats.")

    reason: str = Field(min_length=1, max_length=500, description="Up to 500 characters.")


class ConsumerLanguage(Request):
    """A consumer's language, set by hand: nothing else changes it from then on."""

    model_config = example(language="de")

    language: Language | None = Field(
        description="Such as en or pt-BR; null: forget it, so that it is recognised again."
    )
