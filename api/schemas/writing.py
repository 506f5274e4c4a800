"""Drafts, saved replies, and what to know before writing."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from api.schemas.shared import (
    Answer,
    Language,
    Name,
    Request,
    SignatureText,
    SlugText,
    Text,
    change,
    example,
    sent,
)
from database.queries.saved_replies import SavedReplyAt
from database.tables import Draft, SavedReply
from domain.text.limits import OUTGOING
from domain.writing.drafts import LONGEST_DRAFT, Surface, Written
from domain.writing.saved_replies import MOST_ACTIONS, MOST_LANGUAGES, MOST_SKILLS, Action
from services import signing
from services.configuring import saved_replies
from services.looking.writing import BeforeWriting, Offered
from services.uploading import MOST_PICTURES

Texts = Annotated[dict[Language, Text], Field(min_length=1, max_length=MOST_LANGUAGES)]
Skills = Annotated[list[SlugText], Field(max_length=MOST_SKILLS)]
Actions = Annotated[list[Action], Field(max_length=MOST_ACTIONS)]
ShortName = Annotated[str, Field(min_length=1, max_length=100)]

OF_TEXTS = (
    "By language. Placeholders: {consumer_name}, {consumer_number}, {agent_name}, {line}, {skill}, "
    "{brand}, and {field.…} with the end of an own field's id."
)
OF_SKILLS = "The skills it is for; empty: all."
OF_ACTIONS = "What is done after it was sent, in order; a transfer or a close comes last."
OF_NAME = "The short name, which is typed behind a `/`: one word."


class DraftOut(Answer):
    """What you wrote in a conversation and have not sent. `revision`: 0 if there is nothing yet."""

    conversation_id: UUID
    surface: Surface
    text: str
    media: list[UUID]
    saved_reply: UUID | None
    revision: int
    updated_at: datetime | None

    @classmethod
    def of(cls, row: Draft) -> Self:
        return cls(
            conversation_id=row.conversation_id,
            surface=Surface(row.surface),
            text=row.text,
            media=[UUID(one) for one in row.pictures],
            saved_reply=row.saved_reply_id,
            revision=row.revision,
            updated_at=row.updated_at,
        )

    @classmethod
    def none(cls, conversation_id: UUID, surface: Surface) -> Self:
        return cls(
            conversation_id=conversation_id,
            surface=surface,
            text="",
            media=[],
            saved_reply=None,
            revision=0,
            updated_at=None,
        )


class NewDraft(Request):
    """The words of a draft from now on; none empty it."""

    model_config = example(text="Hello Jo, I have just", revision=0)

    text: Annotated[Text, Field(max_length=LONGEST_DRAFT)] = ""
    media: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_PICTURES,
        description="Pictures that were uploaded for this conversation. Others are left out.",
    )
    saved_reply: UUID | None = Field(
        default=None, description="The saved reply it began with, whose actions follow."
    )
    revision: int = Field(
        ge=0,
        le=2**53,
        description="The revision you know, 0 for none. `draft_overtaken`: there is another.",
    )

    @property
    def words(self) -> Written:
        return Written(self.text, tuple(dict.fromkeys(self.media)), self.saved_reply)


class PriceOut(Answer):
    """What a segment costs, by what the provider charged for the line's last texts."""

    amount: float
    currency: str


class WritingOut(Answer):
    """What to know before writing in a conversation. `longest_text`: UTF-16 units.

    `encodes_smartly`: the provider replaces characters that GSM-7 lacks. `segment_price` is null as
    long as the provider tells no prices. `drafts`: your own, one for each surface.
    """

    longest_text: int
    encodes_smartly: bool
    may_send_pictures: bool
    segment_price: PriceOut | None
    drafts: list[DraftOut]

    @classmethod
    def of(cls, conversation_id: UUID, known: BeforeWriting) -> Self:
        price = known.price
        return cls(
            longest_text=OUTGOING,
            encodes_smartly=known.encodes_smartly,
            may_send_pictures=known.may_send_pictures,
            segment_price=PriceOut(amount=price[0], currency=price[1]) if price else None,
            drafts=[
                DraftOut.of(known.drafts[one])
                if one in known.drafts
                else DraftOut.none(conversation_id, one)
                for one in Surface
            ],
        )


class SavedReplyOut(Answer):
    """A saved reply. `agent_id`: whose own it is; null: it is shared. `uses`: of all together."""

    id: UUID
    title: str
    name: str
    agent_id: str | None
    texts: dict[str, str]
    skills: list[str]
    actions: list[Action]
    uses: int
    updated_at: datetime

    @classmethod
    def of(cls, row: SavedReply, uses: int = 0) -> Self:
        return cls.model_validate(
            {
                "id": row.id,
                "title": row.title,
                "name": row.name,
                "agent_id": row.agent_id,
                "texts": row.texts,
                "skills": row.skill_ids,
                "actions": row.actions,
                "uses": uses,
                "updated_at": row.updated_at,
            }
        )

    @classmethod
    def counted(cls, found: SavedReplyAt) -> Self:
        return cls.of(found.reply, found.uses)


class NewSavedReply(Request):
    model_config = example(
        title="Thanks",
        name="thanks",
        texts={"en": "Thank you, {consumer_name}!", "de": "Vielen Dank, {consumer_name}!"},
    )

    title: Name
    name: ShortName = Field(description=OF_NAME)
    texts: Texts = Field(description=OF_TEXTS)
    skills: Skills = Field(default_factory=list, description=OF_SKILLS)
    actions: Actions = Field(default_factory=list, description=OF_ACTIONS)
    is_shared: bool = Field(default=False, description="For all of the account: managers only.")

    @property
    def wanted(self) -> saved_replies.NewSavedReply:
        return saved_replies.NewSavedReply(**dict(self))


class SavedReplyChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(title="Thank you")

    title: Name = change("What lists show.")
    name: ShortName = change(OF_NAME)
    texts: Texts = change(OF_TEXTS)
    skills: Skills = change(OF_SKILLS)
    actions: Actions = change(OF_ACTIONS)

    @property
    def wanted(self) -> saved_replies.SavedReplyChange:
        return saved_replies.SavedReplyChange(**{name: getattr(self, name) for name in sent(self)})


class FilledText(Answer):
    """A text with its placeholders filled. `missing`: those without a value, which still stand."""

    text: str
    missing: list[str]


class OfferedReply(Answer):
    """A saved reply as it would be sent in the conversation. `language`: the text that fits it."""

    id: UUID
    title: str
    name: str
    is_shared: bool
    language: str
    texts: dict[str, FilledText]
    actions: list[Action]
    uses: int

    @classmethod
    def of(cls, offered: Offered) -> Self:
        row = offered.found.reply
        return cls.model_validate(
            {
                "id": row.id,
                "title": row.title,
                "name": row.name,
                "is_shared": row.agent_id is None,
                "language": offered.language,
                "texts": {
                    language: {"text": one.text, "missing": list(one.missing)}
                    for language, one in offered.texts.items()
                },
                "actions": row.actions,
                "uses": offered.found.uses,
            }
        )


class OfferedReplies(Answer):
    """Saved replies that fit, the best first."""

    items: list[OfferedReply]


class SignatureOut(Answer):
    """A signature, null for none. `is_on`: the composer of whose it is puts it under replies."""

    text: str | None
    is_on: bool


class SignatureChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(text="– Ann")

    text: SignatureText | None = change("One line; null for none.")
    is_on: bool = change("Whether the composer puts it under replies.")

    @property
    def wanted(self) -> signing.SignatureChange:
        return signing.SignatureChange(**sent(self))
