"""A message as Telnyx shows it: in webhooks, and in answers of its API.

https://developers.telnyx.com/api-reference/messages/retrieve-a-message
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from domain.delivery.message_status import MessageStatus
from providers.billing import Billing, amount, currency, whole
from providers.contract import SendError
from providers.failures import Failure, failed
from providers.telnyx.errors import Problem, from_report

STATUSES: Mapping[str, MessageStatus] = MappingProxyType(
    {
        "queued": MessageStatus.queued,
        "sending": MessageStatus.sending,
        "sent": MessageStatus.sent,
        "delivered": MessageStatus.delivered,
        "delivery_unconfirmed": MessageStatus.sent,  # final at Telnyx: the carrier says no more
        "sending_failed": MessageStatus.failed,
        "delivery_failed": MessageStatus.undelivered,
        "expired": MessageStatus.undelivered,
    }
)
NOT_DELIVERED = (MessageStatus.failed, MessageStatus.undelivered)


def _bare_number(value: object) -> object:
    return {"phone_number": value} if isinstance(value, str) else value


def _each(value: object) -> object:
    """Return a list, also of one alone or of none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _or_default(value: object, read: ValidatorFunctionWrapHandler, about: ValidationInfo) -> object:
    """Return the value of a field that says something about a text; what it says is optional."""
    try:
        return read(value)
    except ValidationError:
        field = TelnyxMessage.model_fields[about.field_name or ""]
        return field.get_default(call_default_factory=True)


def _those_with_address(value: object) -> object:
    return [one for one in cast(list[object], _each(value)) if _has_address(one)]


def _has_address(one: object) -> bool:
    try:
        Attachment.model_validate(one)
    except ValidationError:
        return False
    return True


OPTIONAL = WrapValidator(_or_default)
"""Telnyx may write such a field otherwise one day, and no consumer's words are lost for it."""


class Party(BaseModel):
    """A sender or recipient. `status`: of the message for this recipient."""

    phone_number: str | None = None
    status: str | None = None


class Attachment(BaseModel):
    url: str
    content_type: str | None = None


AnyParty = Annotated[Party, BeforeValidator(_bare_number)]


class Cost(BaseModel):
    amount: str | float | None = None
    currency: str | None = None


class TelnyxMessage(BaseModel):
    """What we use of a message. Telnyx may leave out any field but the id, or add others."""

    id: str = Field(min_length=1, max_length=100)
    type: Annotated[str | None, OPTIONAL] = None
    sender: AnyParty = Field(default=Party(), alias="from")
    to: Annotated[list[AnyParty], BeforeValidator(_each)] = []
    cc: Annotated[list[AnyParty], BeforeValidator(_each), OPTIONAL] = []
    text: str | None = None
    media: Annotated[list[Attachment], BeforeValidator(_those_with_address)] = []
    errors: Annotated[list[Problem], BeforeValidator(_each), OPTIONAL] = []
    messaging_profile_id: Annotated[str | None, OPTIONAL] = None
    autoresponse_type: Annotated[str | None, OPTIONAL] = None
    parts: Annotated[int | str | None, OPTIONAL] = None
    cost: Annotated[Cost | None, OPTIONAL] = None

    @property
    def word(self) -> str:
        """Telnyx's word for the delivery status. A text of ours has one recipient."""
        return (self.to[0].status or "").lower() if self.to else ""

    @property
    def status(self) -> MessageStatus | None:
        """The delivery status; None for a word that is not known."""
        return STATUSES.get(self.word)

    @property
    def billing(self) -> Billing | None:
        """What it costs, which Telnyx tells with the final status."""
        parts = whole(self.parts)
        price = amount(self.cost.amount) if self.cost else None
        if not parts and price is None:
            return None
        return Billing(parts or None, price, currency(self.cost.currency) if self.cost else None)

    @property
    def failure(self) -> SendError | None:
        """Why the text did not arrive; None if it may have."""
        if self.status not in NOT_DELIVERED:
            return None
        if self.word == "expired" and not self.errors:
            return failed(Failure.expired_on_the_way)
        return from_report(self.errors[0] if self.errors else None)
