"""Consumers: who texts, in which language, and whether they can be texted."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Answer, Language, Request, example
from database.tables import Consumer
from domain.language_settings import LanguageSource
from services.consumers import ConsumerShown


class ConsumerOut(Answer):
    id: UUID
    number: str
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
            name=consumer.name,
            language=consumer.language,
            language_source=LanguageSource(source) if source else None,
        )


class ConsumerDetail(ConsumerOut):
    last_text_at: datetime | None
    is_opted_out: bool
    """From all of the account's lines. `opted_out_lines` has those of single lines."""
    opted_out_lines: list[str]
    blocked_at: datetime | None
    """When a manager blocked them; null: they are not blocked."""
    blocked_reason: str | None

    @classmethod
    def shown(cls, found: ConsumerShown) -> Self:
        return cls(
            **ConsumerOut.of(found.consumer).model_dump(),
            last_text_at=found.consumer.last_text_at,
            is_opted_out=found.is_opted_out,
            opted_out_lines=list(found.opted_out_lines),
            blocked_at=found.consumer.blocked_at,
            blocked_reason=found.consumer.blocked_reason,
        )


class OptOut(Request):
    """Why a consumer is opted out, if there is more to say than that they asked for it."""

    model_config = example(reason="Asked on the phone.")

    reason: str | None = Field(
        default=None, max_length=500, description="Stands in the ledger of consent as evidence."
    )


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
