"""Drafts: what a person wrote in a conversation and has not sent, one for each surface.

A reply and a note are two drafts, so that a note never turns into a text to the consumer.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

LONGEST_DRAFT = 20_000
"""Characters. Ours: far above what can be sent, so that what was pasted can be cut."""
KEPT = timedelta(days=90)
"""After the last change: as long as a conversation stays open at most. Ours."""
EMPTY_KEPT = timedelta(days=1)
"""A draft without words keeps its revision, which refuses late requests. None is as late as this.
Ours.
"""


class Surface(StrEnum):
    """What is being written: a text to the consumer, or a note for colleagues."""

    reply = "reply"
    note = "note"


@dataclass(frozen=True)
class Written:
    """What a draft holds. `saved_reply`: the saved reply it began with, whose actions follow."""

    text: str = ""
    pictures: tuple[UUID, ...] = ()
    saved_reply: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.pictures and self.saved_reply is None


def after_sending(draft: Written, sent: Written) -> Written:
    """Return what is left of a draft once something was sent: what was written meanwhile.

    The page does the same with its own box (left in web/workspace/static/workspace/composer).
    """
    left = replace(
        draft,
        text=_text_left(draft.text, sent.text),
        pictures=tuple(one for one in draft.pictures if one not in sent.pictures),
    )
    return replace(left, saved_reply=None) if left.text != draft.text else left


def _text_left(draft: str, sent: str) -> str:
    words, begun = sent.strip(), draft.lstrip()
    return begun.removeprefix(words).lstrip() if begun.startswith(words) else draft
