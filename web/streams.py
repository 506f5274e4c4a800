"""What the live streams of islands share: messages by name, and how parts are sent."""

from collections.abc import Callable, Mapping
from datetime import datetime

from api.clock import utc_now
from api.schemas.shared import Answer
from api.stream_messages import message
from services.following.followers import Follower, Part, PartKind
from translations.reader import Reader

Page = Follower[bytes]


class ReloadMessage(Answer):
    """The events in between are gone, or too many, or the reader has other rights now: the page
    loads everything again.
    """

    as_of: int | None


class BeatMessage(Answer):
    """The stream works. `now`: the server's time, by which the page counts waiting times.

    `waiting`: how many conversations wait that the reader sees; null: it is not told now.

    `is_live`: from here on the page is told as things happen, after it was told of all events that
    it missed. What is no event, such as a notice, it may have missed until now.
    """

    now: datetime
    waiting: int | None = None
    is_live: bool = False


def writer(messages: Mapping[str, type[Answer]]) -> Callable[[Answer], bytes]:
    """Return what writes a stream's messages, each under its name."""
    names = {kind: name for name, kind in messages.items()}

    def written(told: Answer) -> bytes:
        return message(names[type(told)], told.model_dump_json())

    return written


_written = writer({"reload": ReloadMessage, "beat": BeatMessage})


def write(part: Part[bytes]) -> bytes:
    """Return a part as it is sent. Only its last message moves the reader's position: a part that
    is cut off comes again as a whole.
    """
    at = b"" if part.position is None else b"id: %d\n" % part.position
    match part.kind:
        case PartKind.news | PartKind.beat:
            return b"\n".join(part.items) + at + b"\n"
        case PartKind.moved | PartKind.live:
            beat = BeatMessage(now=part.at or utc_now(), is_live=part.kind is PartKind.live)
            return _written(beat) + at + b"\n"
        case PartKind.reload:
            return _written(ReloadMessage(as_of=part.position)) + at + b"\n"
        case PartKind.silence:
            return b": the database does not answer\n\n"


def reader_of(page: Page) -> Reader:
    """Return who reads a page, for what is written in their language."""
    shown_to = page.wanted.shown_to
    return shown_to if isinstance(shown_to, Reader) else Reader()
