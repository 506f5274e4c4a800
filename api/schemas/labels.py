"""Labels, and those on a conversation."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent
from domain.settings.kinds import LabelColour
from services import labelling
from services.configuring import labels


class LabelOut(Answer):
    """A word by which the account's people sort conversations."""

    id: str
    name: str
    colour: LabelColour
    created_at: datetime
    retired_at: datetime | None


class NewLabel(Request):
    model_config = example(name="Refund", colour="orange")

    id: SlugText | None = None
    name: Name
    colour: LabelColour = LabelColour.grey


class LabelChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(colour="red")

    name: Name = change("What people read.")
    colour: LabelColour = change("One of the palette.")

    @property
    def wanted(self) -> labels.LabelChange:
        return labels.LabelChange(**sent(self))


class ConversationLabels(Request):
    """All labels of a conversation from now on."""

    model_config = example(labels=["acme-refund"])

    labels: Annotated[list[SlugText], Field(max_length=labelling.MOST, description="Ids.")]
