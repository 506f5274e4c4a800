"""What a consumer's first text answers: an invitation that waits for it, or a source."""

from dataclasses import dataclass

from database.direct import Row
from domain.conversation.state import InvitationText
from domain.delivery.message_status import MessageStatus
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context, Origin
from domain.policy.entry_skill import Wish, why_invited, why_source

NOT_LEFT = ", ".join(
    f"'{status}'"
    for status in (MessageStatus.queued, MessageStatus.failed, MessageStatus.undelivered)
)
LEFT_AT = "coalesce(message.attempted_at, message.written_at)"

ARRIVED = f"""
    SELECT invitation.message_id, invitation.answered_at
    FROM invitation JOIN message ON message.id = invitation.message_id
    WHERE invitation.line_id = %(line_id)s AND invitation.consumer_id = %(consumer_id)s
      AND message.status NOT IN ({NOT_LEFT}) AND {LEFT_AT} <= %(answered_at)s
      AND {LEFT_AT} + make_interval(secs => invitation.look_back_seconds) >= %(answered_at)s
"""  # noqa: S608 - names of our own columns
"""Invitations of a thread that a text of the time `answered_at` can answer."""
PENDING = f"""{ARRIVED}
      AND (invitation.answered_at IS NULL OR EXISTS (
        SELECT FROM conversation
        WHERE conversation.id = invitation.conversation_id AND conversation.closed_at_once
      ))
    ORDER BY {LEFT_AT} DESC LIMIT 1
"""
"""The newest that waits. One that a mere "thanks" answered waits for a reply all the same."""
NEWEST_HERE = f"""{ARRIVED} AND {LEFT_AT} >= %(opened_at)s ORDER BY {LEFT_AT} DESC LIMIT 1"""
"""The newest that left while the conversation was open, answered or not."""
INVITATION = f"""
    SELECT invitation.kind, invitation.origin_id, invitation.title, invitation.skill_id,
        invitation.context, skill.retired_at IS NOT NULL AS skill_is_retired,
        message.id, message.text, message.written_at, {LEFT_AT} AS left_at, message.status,
        message.conversation_id IS NULL AS is_free
    FROM invitation JOIN message ON message.id = invitation.message_id
    JOIN skill ON skill.id = invitation.skill_id
    WHERE invitation.message_id = (SELECT message_id FROM ({PENDING}) AS pending)
""".encode()  # noqa: S608 - our own statement
"""The newest invitation that the first text answers, with its text."""

SOURCE = b"""
    SELECT source.id, source.name, source.skill_id, skill.retired_at IS NOT NULL AS is_retired,
        source.keyword = %(first_word)s AS is_by_keyword
    FROM source JOIN skill ON skill.id = source.skill_id
    WHERE source.line_id = %(line_id)s AND source.account_id = %(account_id)s
      AND source.retired_at IS NULL
      AND (source.keyword = %(first_word)s OR source.folded_text = %(folded_text)s)
    ORDER BY is_by_keyword DESC NULLS LAST LIMIT 1
"""
"""The source whose keyword or first text a first text has."""


@dataclass(frozen=True)
class Beginning:
    """How a conversation begins, and the skill that this asks for."""

    origin: Origin
    wish: Wish
    invitation: InvitationText | None = None


def invited(row: Row) -> Beginning | None:
    """Read a row of `INVITATION`. A text that stands in an earlier transcript stays there."""
    kind, origin_id, title, skill_id, context, is_retired, message_id, *others = row
    if kind is None:
        return None
    text, written_at, left_at, status, is_free = others
    origin = Origin(
        kind=OriginKind(kind),
        id=origin_id,
        title=title,
        message_id=str(message_id),
        context=Context.model_validate(context),
    )
    shown = InvitationText(
        message_id=str(message_id),
        text=text,
        written_at=written_at,
        left_at=left_at,
        status=MessageStatus(status),
    )
    return Beginning(
        origin,
        Wish(skill_id, why_invited(origin), is_retired=is_retired),
        shown if is_free else None,
    )


def from_source(row: Row) -> Beginning | None:
    """Read a row of `SOURCE`."""
    source_id, name, skill_id, is_retired, is_by_keyword = row
    if source_id is None:
        return None
    origin = Origin(kind=OriginKind.source, id=source_id, title=name)
    why = why_source(name, by_keyword=bool(is_by_keyword))
    return Beginning(origin, Wish(skill_id, why, is_retired=is_retired))
