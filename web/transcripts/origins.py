"""How a conversation began, in words for its page."""

from dataclasses import dataclass

from api.schemas.origins import OriginOut
from domain.ids import is_uuid
from domain.origins.contexts import is_address
from domain.origins.kinds import OriginKind
from web.words import Words, _

OPENED = Words(
    {
        OriginKind.source: "The consumer texted in answer to an ad, a poster or a page",
        OriginKind.notification: "The consumer answered an automated text",
        OriginKind.call: "The consumer answered our text after a call",
        OriginKind.proactive: "The consumer answered our text",
        OriginKind.follow_up: "The consumer answered our text after an earlier contact",
    }
)
"""What the transcript says if the consumer opened it."""
LABELS = Words(
    {
        OriginKind.notification: "notification",
        OriginKind.call: "text after the call",
        OriginKind.proactive: "our first text",
        OriginKind.follow_up: "our follow-up",
    }
)
"""What the text is called that the consumer answered."""


@dataclass(frozen=True)
class Began:
    """How a conversation began. `follows`: the conversation that it continues."""

    words: str
    reason: str
    reference: str
    note: str
    link: str
    follows: str | None


def how_it_began(origin: OriginOut) -> Began | None:
    """Return what to show, None if the consumer just texted."""
    if origin.kind is OriginKind.text:
        return None
    context = origin.context
    is_continued = origin.kind is OriginKind.follow_up and origin.message_id is None
    follows = origin.id if is_continued and origin.id and is_uuid(origin.id) else None
    return Began(
        words=_words(origin),
        reason=context.reason if context.reason != origin.title or not _is_titled(origin) else "",
        reference=context.reference,
        note=context.note,
        link=context.link if is_address(context.link) else "",
        follows=follows,
    )


def _is_titled(origin: OriginOut) -> bool:
    """Say whether the words name the title."""
    is_ours = origin.kind in (OriginKind.proactive, OriginKind.follow_up)
    return bool(origin.title) and not (is_ours and origin.message_id is None)


def _words(origin: OriginOut) -> str:
    match origin.kind:
        case OriginKind.source:
            return _("Source: {title}", title=origin.title)
        case OriginKind.call if origin.title:
            return origin.title
        case OriginKind.proactive if origin.message_id is None:
            return _("We texted first")
        case OriginKind.follow_up if origin.message_id is None:
            return _("Follow-up by us")
        case kind:
            label = LABELS.get(kind) or _("text")
            return _("Answers “{title}” ({label})", title=origin.title, label=label)
