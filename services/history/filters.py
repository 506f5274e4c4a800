"""Filters of all conversations, as the API's parameters and as a view keeps them."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from database.queries.records.filters import RecordFilters, Response, Seconds, Spell
from database.queries.records.places import Order, Sort
from domain.conversation.kinds import CloseReason, Status
from domain.errors import Invalid
from domain.numbers.phone_numbers import LONGEST_ADDRESS
from domain.origins.kinds import OriginKind
from domain.searching.numbers import with_plus
from domain.settings.priorities import Priority
from domain.survey.follow_ups import HIGHEST, LOWEST, Recommends
from domain.survey.kinds import SurveyOutcome
from services.clock import utc_now
from services.inputs import Language, Slug

MOST_VALUES = 50
"""Values of one filter. Ours: more is no choice any longer."""
LONGEST_QUERY = 10_000
"""Characters. Ours: a pasted text, whose first words are looked for."""
LONGEST_SECONDS = 60 * 60 * 24 * 366
MOST_DAYS = 3_660

Slugs = Annotated[list[Slug], Field(max_length=MOST_VALUES)]
OriginId = Annotated[str, StringConstraints(max_length=100, pattern=r"^[!-~]*$")]
Line = Annotated[str, StringConstraints(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")]
Number = Annotated[
    str,
    StringConstraints(max_length=LONGEST_ADDRESS, pattern=r"^[^\x00]*$"),
    AfterValidator(with_plus),
]
Duration = Annotated[int, Field(ge=0, le=LONGEST_SECONDS)]
FieldFilter = Annotated[
    str, StringConstraints(max_length=600, pattern=r"^[a-z0-9][a-z0-9-]{0,62}:[^\x00]*$")
]


class Survey(StrEnum):
    """How the survey ended; `none`: there was none."""

    none = "none"
    completed = SurveyOutcome.completed.value
    ignored = SurveyOutcome.ignored.value
    unrecognised = SurveyOutcome.unrecognised.value
    expired = SurveyOutcome.expired.value
    interrupted = SurveyOutcome.interrupted.value
    opted_out = SurveyOutcome.opted_out.value


class HistoryFilters(BaseModel):
    """Filters of all conversations, all of which hold. Of several values of one, one holds.

    A skill, line, agent or label that is retired goes on filtering; one that never was finds
    nothing. Times are from the first moment to just before the last.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"opened_days": 30, "satisfied": False, "sort": "score", "q": "refund"}]
        },
    )

    opened_from: AwareDatetime | None = None
    opened_until: AwareDatetime | None = None
    opened_days: Annotated[
        int | None, Field(ge=1, le=MOST_DAYS, description="Opened in the last so many days.")
    ] = None
    closed_from: AwareDatetime | None = None
    closed_until: AwareDatetime | None = None
    last_message_from: AwareDatetime | None = None
    last_message_until: AwareDatetime | None = None
    status: list[Status] = Field(default=[], max_length=len(Status))
    skill: Slugs = Field(default=[], description="The skill it is in, or was in last.")
    agent: Slugs = Field(default=[], description="Who has it, or had it last.")
    took_part: Slugs = Field(default=[], description="Who had it or joined it at any time.")
    team: Slugs = Field(
        default=[],
        description="Teams one of whose people had it, joined it, began or closed it: those who "
        "are in them today. For managers.",
    )
    line: Slugs = []
    source: Slugs = Field(default=[], description="The sources it began with.")
    origin: list[OriginKind] = Field(
        default=[], max_length=len(OriginKind), description="How it began."
    )
    origin_id: list[OriginId] = Field(
        default=[], max_length=MOST_VALUES, description="The notification, batch or call."
    )
    first: bool | None = Field(
        default=None, description="Whether it is the consumer's first of all, on whatever line."
    )
    conversation: list[UUID] = Field(
        default=[],
        max_length=MOST_VALUES,
        description="Ids of conversations; one that you may not see, or that never was, finds "
        "nothing.",
    )
    number: Number | None = Field(
        default=None, description="The consumer's whole number with its country, in any spelling."
    )
    number_part: Number | None = Field(
        default=None, description="At least three digits of the number; …0004: it ends so."
    )
    consumer: UUID | None = Field(
        default=None, description="Of a consumer; merged numbers count as well."
    )
    name: Line | None = Field(
        default=None, description="Words of what is known of the consumer: name, e-mail, fields."
    )
    field: list[FieldFilter] = Field(
        default=[],
        max_length=10,
        description="Values of your own fields of consumers: `tier:gold`; `vip:yes`.",
    )
    close_reason: list[CloseReason] = Field(default=[], max_length=len(CloseReason))
    closing_reason: Slugs = Field(default=[], description="The reasons that people gave.")
    survey: list[Survey] = Field(default=[], max_length=len(Survey), description="How it ended.")
    score: list[Annotated[int, Field(ge=0, le=10)]] = Field(default=[], max_length=11)
    satisfied: bool | None = Field(
        default=None, description="Whether the score counts as satisfied."
    )
    nps: list[Annotated[int, Field(ge=LOWEST, le=HIGHEST)]] = Field(
        default=[],
        max_length=HIGHEST - LOWEST + 1,
        description="How much the consumer would recommend you, 0 to 10.",
    )
    nps_group: list[Recommends] = Field(
        default=[],
        max_length=len(Recommends),
        description="promoter: 9 and 10; passive: 7 and 8; detractor: 0 to 6.",
    )
    resolved: bool | None = Field(
        default=None, description="Whether the consumer said that the matter is resolved."
    )
    label: Slugs = Field(default=[], description="At least one of these labels.")
    language: list[Language] = Field(default=[], max_length=MOST_VALUES)
    priority: list[Priority] = Field(default=[], max_length=len(Priority))
    response: list[Response] = Field(
        default=[],
        max_length=len(Response),
        description="overdue: its reply is due; waits: for a reply; late: answered after the "
        "deadline once at least; in_time: never.",
    )
    duration_from: Duration | None = Field(
        default=None, description="Seconds from the opening to the close, at least."
    )
    duration_to: Duration | None = Field(default=None, description="At most so many.")
    first_response_from: Duration | None = Field(
        default=None, description="Seconds until the first answer of an agent, at least."
    )
    first_response_to: Duration | None = Field(default=None, description="At most so many.")
    q: Line | None = Field(
        default=None,
        description='Words of the transcript, all of them, in any form; "phrases in quotes" as '
        "they stand. Twelve words count.",
    )
    sort: Sort = Field(
        default=Sort.opened, description="What has no such value comes last, by its opening."
    )
    direction: Literal["down", "up"] = Field(
        default="down", description="down: the latest, longest or best first."
    )

    @property
    def order(self) -> Order:
        """Return the order of the list."""
        return Order(self.sort, ascending=self.direction == "up")

    def plain(self) -> RecordFilters:
        """Return the filters that need nothing to be looked up. Raises `Invalid`."""
        origins = self.origin or ([OriginKind.source] if self.source else [])
        return RecordFilters(
            opened=self._opened(),
            closed=_spell("close", self.closed_from, self.closed_until),
            last_message=_spell("last message", self.last_message_from, self.last_message_until),
            statuses=tuple(self.status),
            skill_ids=tuple(self.skill),
            agent_ids=tuple(self.agent),
            took_part=tuple(self.took_part),
            line_ids=tuple(self.line),
            origins=tuple(origins),
            source_ids=tuple(self.source),
            origin_ids=tuple(self.origin_id),
            close_reasons=tuple(self.close_reason),
            closing_reason_ids=tuple(self.closing_reason),
            surveys=tuple(self.survey),
            scores=tuple(self.score),
            is_satisfied=self.satisfied,
            recommends=self._recommends(),
            is_resolved=self.resolved,
            is_first=self.first,
            label_ids=tuple(self.label),
            languages=tuple(self.language),
            priorities=tuple(self.priority),
            responses=tuple(self.response),
            duration=_seconds("duration", self.duration_from, self.duration_to),
            first_response=_seconds(
                "first response", self.first_response_from, self.first_response_to
            ),
        )

    def _recommends(self) -> tuple[int, ...] | None:
        """Return the answers that pass both filters; None: neither is set."""
        if not self.nps and not self.nps_group:
            return None
        every = range(LOWEST, HIGHEST + 1)
        groups = [value for one in self.nps_group for value in one.values] or every
        return tuple(sorted({*(self.nps or every)} & {*groups}))

    def _opened(self) -> Spell:
        spell = _spell("opening", self.opened_from, self.opened_until)
        if self.opened_days is None:
            return spell
        since = utc_now() - timedelta(days=self.opened_days)
        return Spell(max(since, spell.since) if spell.since else since, spell.until)


def _spell(what: str, since: AwareDatetime | None, until: AwareDatetime | None) -> Spell:
    if since is not None and until is not None and since > until:
        raise Invalid(f"The time of the {what} ends before it begins. Give the earlier end first.")
    return Spell(since, until)


def _seconds(what: str, least: int | None, most: int | None) -> Seconds:
    if least is not None and most is not None and least > most:
        raise Invalid(f"The range of the {what} ends before it begins. Give the shorter end first.")
    return Seconds(least, most)
