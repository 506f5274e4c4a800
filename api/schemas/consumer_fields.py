"""Fields that accounts keep about their consumers, and panels beside conversations."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent, within
from database.tables import ConsumerField, Panel
from domain.consumers.fields import LONGEST_CHOICE, MOST_CHOICES
from domain.consumers.kinds import FieldKind
from domain.consumers.panels import LONGEST_TEMPLATE
from domain.people.roles import Role
from domain.settings.allowed import POSITION
from services.configuring import consumer_fields, panels
from services.looking.panels import PanelShown

Choices = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CHOICE)]],
    Field(max_length=MOST_CHOICES),
]
Position = Annotated[int, within(POSITION)]
Template = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEMPLATE)]
ORDER = "Lower ones come first."
SEEN = "The lowest role that sees it, in answers, searches and panels."
REQUIRED = "Asked for beside the conversation. It never holds up a text."
PLACES = (
    "An https address with places for {number}, {name}, {email}, {conversation_id}, {consumer_id} "
    "and the account's own fields, such as {order-number}: in its path or behind the question mark."
)


class ConsumerFieldOut(Answer):
    """A field of the account's own. `place`: how the addresses of panels name it."""

    id: str
    place: str
    name: str
    kind: FieldKind
    choices: list[str]
    seen_by: Role
    edited_by: Role
    is_required: bool
    position: int
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, row: ConsumerField) -> Self:
        return cls(
            id=row.id,
            place=f"{{{row.id.removeprefix(f'{row.account_id}-')}}}",
            name=row.name,
            kind=FieldKind(row.kind),
            choices=list(row.choices),
            seen_by=Role(row.seen_by),
            edited_by=Role(row.edited_by),
            is_required=row.is_required,
            position=row.position,
            created_at=row.created_at,
            retired_at=row.retired_at,
        )


class NewConsumerField(Request):
    model_config = example(name="Customer tier", kind="choice", choices=["Gold", "Silver"])

    id: SlugText | None = None
    name: Name
    kind: FieldKind
    choices: Choices = Field(default_factory=list, description="Of a choice alone.")
    seen_by: Role = Field(default=Role.agent, description=SEEN)
    edited_by: Role = Field(default=Role.agent, description="The lowest role that edits it.")
    is_required: bool = Field(default=False, description=REQUIRED)
    position: Position = Field(default=0, description=ORDER)

    @property
    def wanted(self) -> consumer_fields.NewConsumerField:
        return consumer_fields.NewConsumerField(**self.model_dump())


class ConsumerFieldChange(Request):
    """Fields that are left out stay as they are. What was chosen stays with consumers."""

    model_config = example(choices=["Gold", "Silver", "Bronze"])

    name: Name = change("As people read it.")
    choices: Choices = change("Of a choice alone.")
    seen_by: Role = change(SEEN)
    edited_by: Role = change("The lowest role that edits it.")
    is_required: bool = change(REQUIRED)
    position: Position = change(ORDER)

    @property
    def wanted(self) -> consumer_fields.ConsumerFieldChange:
        return consumer_fields.ConsumerFieldChange(**sent(self))


class PanelOut(Answer):
    """A page of another system beside conversations. `origin`: the one host it comes from."""

    id: str
    name: str
    template: str
    origin: str
    position: int
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, row: Panel) -> Self:
        return cls.model_validate(row)


class NewPanel(Request):
    model_config = example(
        name="Orders", template="https://crm.acme.example/orders?phone={number}&name={name}"
    )

    id: SlugText | None = None
    name: Name
    template: Template = Field(description=PLACES)
    position: Position = Field(default=0, description=ORDER)

    @property
    def wanted(self) -> panels.NewPanel:
        return panels.NewPanel(**self.model_dump())


class PanelChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(template="https://crm.acme.example/customers/{number}")

    name: Name = change("The title of the panel.")
    template: Template = change(PLACES)
    position: Position = change(ORDER)

    @property
    def wanted(self) -> panels.PanelChange:
        return panels.PanelChange(**sent(self))


class ConversationPanel(Answer):
    """A panel for one conversation. `missing`: what its address needs and is not known."""

    id: str
    name: str
    url: str | None
    missing: list[str]

    @classmethod
    def shown(cls, one: PanelShown) -> Self:
        return cls(id=one.panel.id, name=one.panel.name, url=one.url, missing=list(one.missing))


class ConversationPanels(Answer):
    """The panels for one conversation, in the account's order."""

    panels: list[ConversationPanel]
