"""Saved replies: texts that are written once and sent often, with what is to be done after them.

Whatever made one, a page, a program or an import, it is checked here.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.errors import DomainError, Invalid
from domain.languages import check_language, is_same_language, stand_ins
from domain.settings.priorities import Priority
from domain.text.hidden import has_hidden
from domain.text.limits import check_outgoing
from domain.writing.placeholders import check_placeholders

LONGEST_SHORT_NAME = 30
"""Characters. Ours: it is typed."""
MOST_LANGUAGES = 40
"""Of one saved reply. Ours: as many as the product can name."""
MOST_SKILLS = 100
"""That one saved reply is for. Ours."""
MOST_ACTIONS = 10
"""Of one saved reply. Ours."""
MOST_SHARED = 1000
"""Saved replies that an account shares. Ours: nobody finds one among more."""
MOST_OWN = 300
"""Saved replies of one person. Ours."""
SHORT_NAME = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelAction(_Action):
    """Give the conversation a label."""

    kind: Literal["label"]
    label: Annotated[str, Field(min_length=1, max_length=63)]


class PriorityAction(_Action):
    """Say how urgent the conversation is."""

    kind: Literal["priority"]
    priority: Priority


class TransferAction(_Action):
    """Transfer the conversation to a skill or to an agent: one of the two."""

    kind: Literal["transfer"]
    skill: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    agent: Annotated[str, Field(min_length=1, max_length=63)] | None = None

    @model_validator(mode="after")
    def _one_target(self) -> "TransferAction":
        if (self.skill is None) == (self.agent is None):
            raise ValueError("name a skill or an agent to transfer to")
        return self


class CloseAction(_Action):
    """Close the conversation, with a closing reason if there are any."""

    kind: Literal["close"]
    reason: Annotated[str, Field(min_length=1, max_length=63)] | None = None


Action = Annotated[
    LabelAction | PriorityAction | TransferAction | CloseAction, Field(discriminator="kind")
]
"""What is done after the text was sent."""


def short_name(name: str) -> str:
    """Return a name as it is typed behind a `/`: one word in lower case. Raises `Invalid`."""
    plain = name.strip().removeprefix("/").casefold()
    if len(plain) > LONGEST_SHORT_NAME or not SHORT_NAME.fullmatch(plain):
        raise Invalid(
            f"A short name is one word of at most {LONGEST_SHORT_NAME} letters, digits and "
            "hyphens, such as thanks-2."
        )
    return plain


def check_texts(texts: Mapping[str, str], own_fields: Collection[str] = ()) -> None:
    """Raise `Invalid` for texts that cannot be saved, naming the language of the first one."""
    if not texts:
        raise Invalid("A saved reply needs a text in at least one language.")
    if len(texts) > MOST_LANGUAGES:
        raise Invalid(f"A saved reply may have texts in {MOST_LANGUAGES} languages.")
    for language, text in texts.items():
        check_language(language)
        try:
            _check_text(text, own_fields)
        except DomainError as error:
            raise Invalid(
                f"{language}: {error.detail.removesuffix(' It was not sent.')}"
            ) from error


def _check_text(text: str, own_fields: Collection[str]) -> None:
    if not text.strip():
        raise Invalid("The text is empty.")
    check_outgoing(text)
    if has_hidden(text):
        raise Invalid("The text has a character that nobody sees. Type it again.")
    check_placeholders(text, own_fields)


def check_actions(actions: Sequence[Action]) -> None:
    """Raise `Invalid` for actions that cannot follow each other."""
    if len(actions) > MOST_ACTIONS:
        raise Invalid(f"A saved reply may carry {MOST_ACTIONS} actions.")
    if any(isinstance(one, TransferAction | CloseAction) for one in actions[:-1]):
        raise Invalid("A transfer or a close is the last action: nothing can follow it.")
    labels = [one.label for one in actions if isinstance(one, LabelAction)]
    if len(set(labels)) < len(labels):
        raise Invalid("Each label can be given once.")
    if sum(isinstance(one, PriorityAction) for one in actions) > 1:
        raise Invalid("The priority can be set once.")


def language_for(texts: Collection[str], wanted: Iterable[str | None]) -> str:
    """Return the language to use of those that there are: the first wanted one that is near.

    `zh-Hant-TW` is served by `zh-Hant`, then by `zh`, then by any Chinese. Without any of the
    wanted, it is the first.
    """
    for code in filter(None, wanted):
        near = [one for one in stand_ins(code) if one in texts]
        alike = sorted(one for one in texts if is_same_language(one, code))
        if found := [*near, *alike]:
            return found[0]
    return sorted(texts)[0]
