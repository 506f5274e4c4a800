"""The origin of a conversation, as it is carried from what was before to what people see."""

from pydantic import BaseModel, ConfigDict

from domain.origins.kinds import OriginKind


class Context(BaseModel):
    """What whoever opened or invited wants the agent to know."""

    model_config = ConfigDict(frozen=True)

    reason: str = ""
    reference: str = ""
    """Such as the number of an order or a case."""
    note: str = ""
    link: str = ""
    """An address of the brand's own system; pages link it."""


NO_CONTEXT = Context()


class Origin(BaseModel):
    """How a conversation began. `title`: for people, such as a batch's name or a source's."""

    model_config = ConfigDict(frozen=True)

    kind: OriginKind = OriginKind.text
    id: str | None = None
    """Of the source, notification, batch or call it began with."""
    title: str = ""
    message_id: str | None = None
    """Of the text without a conversation that the consumer answered."""
    context: Context = NO_CONTEXT

    @property
    def is_told(self) -> bool:
        """Say whether there is more to tell than that the consumer texted."""
        return self != PLAIN_TEXT


PLAIN_TEXT = Origin()
