"""What managers give for many conversations at once."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from domain.board.kinds import BulkKind
from domain.conversation.kinds import Status
from domain.settings.priorities import Priority
from services.inputs import Input, Slug, Text, example
from services.looking.views import LONGEST_WAIT

MOST_NAMED = 1000
"""Conversations that are named one by one. Ours: more are chosen by filters."""

Labels = Annotated[list[Slug], Field(max_length=20)]


class BulkFilters(Input):
    """Which conversations of the account: a conversation passes all filters that are given."""

    model_config = example(status=["waiting"], skill="acme-support")

    status: Annotated[list[Status], Field(max_length=4)] = Field(default_factory=list)
    agent: Slug | None = None
    skill: Slug | None = None
    line: Slug | None = None
    label: Labels = Field(default_factory=list)
    """At least one of these."""
    priority: Annotated[list[Priority], Field(max_length=len(Priority))] = Field(
        default_factory=list
    )
    unanswered: bool = Field(default=False, description="Their consumer waits for a reply.")
    waits_minutes: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] | None = Field(
        default=None, description="Unanswered for so long."
    )
    overdue: bool = Field(default=False, description="The reply was due before now.")


class BulkAction(Input):
    """What is done to each conversation, with what its kind needs and nothing else.

    A transfer names `skill` or `agent`; `note` is for colleagues. A label action names what to
    `add` and to `remove`, a priority action the `priority`. Closing may name a `reason`, and leave
    out the rating.
    """

    model_config = example(kind="transfer", skill="acme-sales", note="They know more about it.")

    kind: BulkKind
    skill: Slug | None = None
    agent: Slug | None = None
    note: Text | None = None
    add: Labels = Field(default_factory=list)
    remove: Labels = Field(default_factory=list)
    priority: Priority | None = None
    reason: Slug | None = None
    asks_rating: bool = True

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        is_transfer, is_label = self.kind is BulkKind.transfer, self.kind is BulkKind.label
        targets = (self.skill is not None) + (self.agent is not None)
        if is_transfer and targets != 1:
            raise ValueError("name a skill or an agent to transfer to")
        if is_label and not (self.add or self.remove):
            raise ValueError("name labels to add or to remove")
        if not is_transfer and (targets or self.note is not None):
            raise ValueError("skill, agent and note belong to a transfer")
        if not is_label and (self.add or self.remove):
            raise ValueError("add and remove belong to labels")
        if (self.kind is BulkKind.priority) != (self.priority is not None):
            raise ValueError("a priority action names a priority, and no other does")
        if self.kind is not BulkKind.close and (self.reason or not self.asks_rating):
            raise ValueError("reason and asks_rating belong to closing")
        return self


class BulkInput(Input):
    """An action for many conversations: named one by one, or all that pass filters."""

    model_config = example(
        action={"kind": "transfer", "skill": "acme-sales"},
        filters={"status": ["waiting"], "skill": "acme-support"},
    )

    action: BulkAction
    conversations: Annotated[list[UUID], Field(min_length=1, max_length=MOST_NAMED)] | None = None
    filters: BulkFilters | None = None

    @model_validator(mode="after")
    def _one_selection(self) -> Self:
        if (self.conversations is None) == (self.filters is None):
            raise ValueError("name conversations, or filters that they pass")
        return self
