"""Endpoints, which events are posted to, and what became of the posts."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints, model_validator

from api.schemas.shared import LATEST, Answer, Name, Request, SlugText, change, example, sent
from database.queries.endpoints import Counts
from database.tables import Endpoint, EndpointAttempt, EndpointDelivery
from domain.conversation.kinds import EventKind
from domain.endpoints.catalogue import EventType, example_of
from domain.endpoints.kinds import PAUSED, DeliveryState, PauseReason
from domain.endpoints.outcomes import SENTENCES, PostOutcome
from domain.endpoints.settling import Health
from domain.endpoints.urls import LONGEST
from services.configuring import endpoints

Url = Annotated[str, StringConstraints(max_length=LONGEST)]
Kinds = Annotated[list[EventKind], Field(min_length=1, max_length=len(EventKind))]
EventNumber = Annotated[int, Field(ge=1, le=LATEST)]


class EventTypeOut(Answer):
    """A kind of event. `example`: one as it is posted, without texts."""

    kind: EventKind
    says: str
    example: dict[str, JsonValue]

    @classmethod
    def of(cls, one: EventType) -> Self:
        """Show a kind of event."""
        return cls.model_validate(
            {"kind": one.kind, "says": one.says, "example": example_of(one.kind)}
        )


ADDED = frozenset({"is_down", "pause_sentence", "waiting", "given_up", "previous_secret_until"})
"""Fields of an endpoint that do not stand in its row."""


class EndpointOut(Answer):
    """An endpoint. `kinds`: null means all. `read_to`: events up to this one were looked at.

    `waiting`: events that were not taken yet, or wait behind one; `given_up`: those that are not
    tried any more. `failures`: in a row; `failing_since`: since when nothing was taken. After five
    failures it counts as down: it is tried at times, and nothing is posted before `hold_until`.
    `previous_secret_until`: until when posts are signed with the previous secret as well.
    """

    id: str
    name: str
    url: str
    kinds: list[str] | None
    includes_texts: bool
    created_at: datetime
    retired_at: datetime | None
    paused_at: datetime | None
    pause_reason: PauseReason | None
    pause_sentence: str | None
    failures: int
    is_down: bool
    failing_since: datetime | None
    hold_until: datetime | None
    read_to: int
    waiting: int
    given_up: int
    previous_secret_until: datetime | None

    @classmethod
    def of(cls, row: Endpoint, counts: Counts) -> Self:
        """Show an endpoint."""
        reason = PauseReason(row.pause_reason) if row.pause_reason else None
        own = {name: getattr(row, name) for name in cls.model_fields if name not in ADDED}
        return cls(
            **own,
            is_down=Health(row.failures).is_down,
            pause_sentence=PAUSED[reason] if reason else None,
            waiting=counts.waiting,
            given_up=counts.given_up,
            previous_secret_until=row.previous_until,
        )


class EndpointWithSecret(EndpointOut):
    """An endpoint with its new secret: this is the only time that it is shown.

    A request that is repeated with its Idempotency-Key gets the same one again.
    """

    secret: str

    @classmethod
    def adding(cls, shown: EndpointOut, secret: str) -> Self:
        """Add the secret to an endpoint."""
        return cls(**shown.model_dump(), secret=secret)


class NewEndpoint(Request):
    model_config = example(
        name="Warehouse",
        url="https://example.com/switchboard",
        kinds=["conversation_opened", "conversation_closed"],
    )

    id: SlugText | None = None
    name: Name
    url: Url = Field(description="An https address, at port 443 or 8443.")
    kinds: Kinds | None = Field(
        default=None, description="The events it gets. Default: all, also those of later versions."
    )
    includes_texts: bool = Field(
        default=False,
        description="Whether events about a message carry its text and the consumer's number.",
    )

    @property
    def wanted(self) -> endpoints.NewEndpoint:
        return endpoints.NewEndpoint(**self.model_dump())


class EndpointChange(Request):
    """Fields that are left out stay as they are. Other kinds count from the next event on."""

    model_config = example(name="Warehouse")

    name: Name = change("Its name.")
    url: Url = change("Its address.")
    kinds: Kinds | None = change("The events it gets; null: all.")
    includes_texts: bool = change("Whether events carry texts and numbers.")

    @property
    def wanted(self) -> endpoints.EndpointChange:
        return endpoints.EndpointChange(**sent(self))


class NewSecret(Request):
    model_config = example(overlap_hours=24)

    overlap_hours: int = Field(
        default=endpoints.OVERLAP_HOURS,
        ge=0,
        le=endpoints.LONGEST_OVERLAP_HOURS,
        description="Hours for which posts are signed with the previous secret as well.",
    )


class Replay(Request):
    """From an event on, or from a time on: one of the two."""

    model_config = example(event_id=4711)

    event_id: EventNumber | None = None
    since: datetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_beginning(cls, given: Any) -> Any:
        if isinstance(given, dict) and (given.get("event_id") is None) == (
            given.get("since") is None
        ):
            raise ValueError("name an event or a time to begin with")
        return given

    @model_validator(mode="after")
    def _with_zone(self) -> Self:
        if self.since is not None and self.since.tzinfo is None:
            raise ValueError("a time needs its zone, such as Z or +01:00")
        return self


class ReplayBegun(Answer):
    """`first_event_id`: the first event that is posted again."""

    first_event_id: int


class TestBegun(Answer):
    """`webhook_id`: of the test, as the receiver and the list of attempts have it."""

    webhook_id: str


class AttemptOut(Answer):
    """A post and what became of it. `event_id`: null for a test. `answer`: its first characters."""

    id: int
    event_id: int | None
    kind: str
    conversation_id: UUID | None
    webhook_id: str
    at: datetime
    milliseconds: int
    status: int | None
    outcome: PostOutcome
    sentence: str
    answer: str

    @classmethod
    def of(cls, row: EndpointAttempt) -> Self:
        outcome = PostOutcome(row.outcome)
        own = {name: getattr(row, name) for name in cls.model_fields if name != "sentence"}
        return cls(**own | {"outcome": outcome, "sentence": SENTENCES[outcome]})


class DeliveryOut(Answer):
    """An event that was not taken. `tries`: attempts at it while the receiver took other events;
    after ten it is given up. `due_at`: when it is tried next. `outcome`: null: it waits behind
    another event of its conversation.
    """

    event_id: int
    kind: str | None
    conversation_id: str | None
    state: DeliveryState
    tries: int
    due_at: datetime
    tried_at: datetime | None
    outcome: PostOutcome | None

    @classmethod
    def of(cls, row: EndpointDelivery, kind: str | None) -> Self:
        return cls(
            event_id=row.event_id,
            kind=kind,
            conversation_id=row.lane or None,
            state=DeliveryState(row.state),
            tries=row.tries,
            due_at=row.due_at,
            tried_at=row.tried_at,
            outcome=PostOutcome(row.outcome) if row.outcome else None,
        )
