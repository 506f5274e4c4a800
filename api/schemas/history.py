"""All conversations: what is found of each, and the columns that show it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.consumers import ConsumerOut
from api.schemas.searching import ExcerptPart
from api.schemas.shared import Answer, Name, Request, change, example
from database.queries.records.places import Sort
from domain.conversation.kinds import Author, CloseReason, Status
from domain.origins.kinds import OriginKind
from domain.settings.priorities import Priority
from domain.survey.follow_ups import answered, is_resolved
from domain.survey.kinds import FollowUp, SurveyOutcome
from services.history.columns import Column, ShownColumn
from services.history.filters import HistoryFilters
from services.history.looking import Excerpt, History, Hit
from services.history.views import HistoryView, HistoryViewChange, NewHistoryView


class ExcerptOut(Answer):
    """A text of the transcript with words that were asked for, in parts."""

    message_id: UUID
    author: Author
    written_at: datetime
    parts: list[ExcerptPart]

    @classmethod
    def of(cls, found: Excerpt) -> Self:
        return cls.model_validate(found)


class HistoryHit(Answer):
    """A conversation that was found. Times are in seconds, by the clock."""

    id: UUID
    line_id: str
    consumer: ConsumerOut
    status: Status
    skill_id: str | None
    agent_id: str | None
    """Who has it, or had it last."""
    took_part: list[str]
    """The agents who had it or joined it."""
    skill_ids: list[str]
    """The skills it was in."""
    opened_by: str
    """`consumer` or an agent's id."""
    opened_at: datetime
    is_first: bool | None
    """It is the consumer's first of all, on whatever line; null while that is being counted."""
    closed_at: datetime | None
    close_reason: CloseReason | None
    closing_reason_id: str | None
    last_message_at: datetime
    last_text: str | None
    origin: OriginKind
    origin_id: str | None
    priority: Priority
    language: str | None
    duration_seconds: int | None
    """From the opening to the close; null while it is open."""
    first_response_seconds: int | None
    """From the consumer's first text to an agent's answer; null without one."""
    waiting_since: datetime | None
    response_due_at: datetime | None
    is_overdue: bool
    """Its reply was due before now."""
    is_late: bool | None
    """An agent answered after the deadline, once at least; null: no answer had one."""
    survey_outcome: SurveyOutcome | None
    survey_score: int | None
    survey_scale: str | None
    survey_satisfied: bool | None
    survey_nps: int | None
    """How much the consumer would recommend you, 0 to 10."""
    survey_resolved: bool | None
    """Whether the consumer said that the matter is resolved."""
    label_ids: list[str]
    texts_in: int
    """The consumer's texts."""
    texts_out: int
    """Those of agents."""
    message_count: int
    excerpts: list[ExcerptOut]
    """Where the words stand that were asked for."""

    @classmethod
    def of(cls, hit: Hit) -> Self:
        record, answers = hit.record, hit.conversation.survey_answers
        others = set(cls.model_fields) - MADE
        return cls.model_validate(
            {
                **{name: getattr(record, name) for name in others},
                "id": record.conversation_id,
                "consumer": ConsumerOut.of(hit.consumer),
                "last_text": hit.conversation.last_text,
                "survey_nps": answered(answers, FollowUp.recommend),
                "survey_resolved": is_resolved(answers),
                "is_overdue": hit.is_overdue,
                "excerpts": [ExcerptOut.of(one) for one in hit.excerpts],
            }
        )


MADE = frozenset(
    {
        *("id", "consumer", "last_text", "is_overdue", "excerpts"),
        *("survey_nps", "survey_resolved"),
    }
)
"""Fields of a hit that do not stand in its record."""


class HistoryOut(Answer):
    """A page. `next`: the `cursor` of the next page, null at the end.

    `is_complete`: there was time to look at all of it. If not, the next page goes on looking.
    """

    items: list[HistoryHit]
    next: str | None
    is_complete: bool

    @classmethod
    def of(cls, found: History, following: str | None) -> Self:
        hits = [HistoryHit.of(one) for one in found.hits]
        return cls(items=hits, next=following, is_complete=found.is_complete)


class HistoryCount(Answer):
    """How many there are: 1000 for so many or more, null if there was no time to count them."""

    count: int | None


class ColumnOut(Answer):
    """A column for a page. `sort`: what sorts by it, if anything. `is_usual`: shown at first."""

    column: Column
    name: str
    sort: Sort | None
    is_usual: bool


class ColumnsOut(Answer):
    """The columns in their usual order."""

    items: list[ColumnOut]

    @classmethod
    def of(cls, columns: Sequence[ShownColumn]) -> Self:
        return cls(items=[ColumnOut.model_validate(one) for one in columns])


class HistoryViewOut(Answer):
    """A view of all conversations. `columns`: in their order."""

    id: UUID
    name: str
    is_shared: bool
    """Everybody of the account sees it."""
    filters: HistoryFilters
    """Named like the parameters of the list; those left out filter nothing."""
    columns: list[Column]
    created_at: datetime

    @classmethod
    def of(cls, shown: HistoryView) -> Self:
        return cls(
            id=shown.view.id,
            name=shown.view.name,
            is_shared=shown.is_shared,
            filters=shown.filters,
            columns=list(shown.columns),
            created_at=shown.view.created_at,
        )


class HistoryViewsOut(Answer):
    """The views you see, the oldest first."""

    items: list[HistoryViewOut]


Columns = Annotated[
    list[Column],
    Field(max_length=len(Column), description="In their order; none: the usual ones."),
]


class NewHistoryViewIn(Request):
    """Filters, an order and columns of all conversations to keep under a name."""

    model_config = example(
        name="Bad ratings of the last month",
        filters={"opened_days": 30, "satisfied": False, "sort": "score", "direction": "up"},
        columns=["opened", "consumer", "agent", "score"],
    )

    name: Name
    filters: HistoryFilters
    columns: Columns = Field(default_factory=list)
    is_shared: bool = Field(default=False, description="For everybody. Managers share views.")

    @property
    def wanted(self) -> NewHistoryView:
        return NewHistoryView(self.name, self.filters, self.columns, self.is_shared)


class HistoryViewChangeIn(Request):
    """Fields that are left out stay as they are."""

    model_config = example(name="Bad ratings")

    name: Name = change("For people.")
    filters: HistoryFilters = change("All of them, not only those that change.")
    columns: Columns = change("All of them, in their order.")

    @property
    def wanted(self) -> HistoryViewChange:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return HistoryViewChange(**given)
