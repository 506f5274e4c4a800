"""How a conversation began, as programs and pages see it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints

from api.schemas.shared import Answer, Request, example
from database.tables import Conversation
from domain.origins import contexts
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context, Origin


class ContextIn(Request):
    """What the agent is to know. Pages show the link, an address of your own system."""

    model_config = example(
        reason="Callback", reference="4711", link="https://crm.example.com/cases/4711"
    )

    reason: Annotated[str, StringConstraints(max_length=contexts.LONGEST["reason"])] = ""
    reference: Annotated[str, StringConstraints(max_length=contexts.LONGEST["reference"])] = ""
    note: Annotated[str, StringConstraints(max_length=contexts.LONGEST["note"])] = ""
    link: Annotated[str, StringConstraints(max_length=contexts.LONGEST["link"])] = ""

    def read(self) -> Context:
        """Return the context. Raises `Invalid`."""
        return contexts.checked(Context.model_validate(self.model_dump()))


class ContextOut(Answer):
    reason: str
    reference: str
    note: str
    link: str


class OriginOut(Answer):
    """How a conversation began. `id`: of the source, notification, batch or call, or of the
    conversation that it follows. `message_id`: of the text that its consumer answered, which begins
    the transcript.
    """

    kind: OriginKind
    id: str | None
    title: str
    message_id: UUID | None
    context: ContextOut

    @classmethod
    def of(cls, row: Conversation) -> Self:
        kind = {"kind": row.origin}
        return cls.model_validate(Origin.model_validate(row.origin_data | kind).model_dump())
