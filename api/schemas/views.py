"""Named views, and how far a person has read."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, change, example
from services.looking.reading import ReadState
from services.looking.views import MOST_VIEWS, NewView, ShownView, ViewChange, ViewFilters


class ViewOut(Answer):
    """A named view. `count`: its conversations, 1000 for that many or more, null if not asked."""

    id: UUID
    name: str
    is_shared: bool
    """Everybody of the account sees it."""
    filters: ViewFilters
    """Named like the parameters of the list of conversations."""
    count: int | None
    created_at: datetime

    @classmethod
    def of(cls, shown: ShownView) -> Self:
        return cls(
            id=shown.view.id,
            name=shown.view.name,
            is_shared=shown.is_shared,
            filters=shown.filters,
            count=shown.count,
            created_at=shown.view.created_at,
        )


class ViewsOut(Answer):
    """The views you see, in your order."""

    items: list[ViewOut]


class NewViewIn(Request):
    """Filters of the list of conversations to keep under a name."""

    model_config = example(
        name="Overdue in Sales", filters={"skill": "acme-sales", "overdue": True}
    )

    name: Name
    filters: ViewFilters
    is_shared: bool = Field(default=False, description="For everybody. Managers share views.")

    @property
    def wanted(self) -> NewView:
        return NewView(self.name, self.filters, self.is_shared)


class ViewChangeIn(Request):
    """Fields that are left out stay as they are."""

    model_config = example(name="Overdue")

    name: Name = change("For people.")
    filters: ViewFilters = change("All of them, not only those that change.")

    @property
    def wanted(self) -> ViewChange:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return ViewChange(**given)


class OrderOfViews(Request):
    """Your own order. Views that are not named follow, the oldest first."""

    model_config = example(ids=["6f1c2a4e-8d3b-4f57-9b1e-0a2c4d6e8f10"])

    ids: Annotated[list[UUID], Field(max_length=2 * MOST_VIEWS)]


class ReadingOut(Answer):
    """How far you have read a conversation."""

    conversation_id: UUID
    position: int
    """Of the last message you have seen; 0: none."""
    unread: int
    """If you have the conversation: its texts after that, 100 for that many or more."""
    is_marked: bool
    """You marked it as unread."""

    @classmethod
    def of(cls, state: ReadState) -> Self:
        return cls.model_validate(state)


class ReadTo(Request):
    model_config = example(position=12)

    position: Annotated[
        int, Field(ge=0, le=2**31 - 1, description="Of the last message you have seen.")
    ]


class MarkUnread(Request):
    model_config = example(position=12)

    position: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None,
        description="Of the first message to read again. Without one, the last of somebody else.",
    )
