"""Sources: ads, posters and pages."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent
from domain.origins.first_text import LONGEST
from domain.origins.sources import LONGEST_KEYWORD
from services.configuring import sources
from services.configuring.sources import SourceDetail

Keyword = Annotated[str, StringConstraints(max_length=LONGEST_KEYWORD)]
FirstText = Annotated[str, StringConstraints(max_length=LONGEST)]
KEYWORD = "One word in front of the first text. Empty: the whole first text is recognised."


class SourceOut(Answer):
    """An ad, a poster or a page. `conversations`: how many began with it."""

    id: str
    line_id: str
    skill_id: str
    name: str
    keyword: str | None
    first_text: str
    """What its link writes for the consumer, with the keyword in front."""
    link: str
    """Opens the messages of a phone. Its QR codes lead to the same."""
    conversations: int
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, found: SourceDetail) -> Self:
        row = found.source
        return cls(
            id=row.id,
            line_id=row.line_id,
            skill_id=row.skill_id,
            name=row.name,
            keyword=row.keyword,
            first_text=row.first_text,
            link=found.link,
            conversations=found.conversations,
            created_at=row.created_at,
            retired_at=row.retired_at,
        )


class NewSource(Request):
    model_config = example(
        name="Poster spring", line="acme-support", skill="acme-sales", keyword="SPRING"
    )

    id: SlugText | None = None
    name: Name
    line: SlugText
    skill: SlugText
    keyword: Keyword = Field(default="", description=KEYWORD)
    first_text: FirstText = ""

    @property
    def wanted(self) -> sources.NewSource:
        return sources.NewSource(**self.model_dump())


class SourceChange(Request):
    """Fields that are left out stay as they are. What is printed already shows the old text."""

    model_config = example(skill="acme-sales")

    name: Name = change("For people, in lists and reports.")
    skill: SlugText = change("Where its conversations go.")
    keyword: Keyword = change(KEYWORD)
    first_text: FirstText = change("The keyword is put in front if it does not begin the text.")

    @property
    def wanted(self) -> sources.SourceChange:
        return sources.SourceChange(**sent(self))
