"""The brand's lines that are registered at the carrier."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

TOLL_FREE = re.compile(r"\+1(800|833|844|855|866|877|888)\d{7}")


class LineKind(StrEnum):
    long_code = "long_code"
    toll_free = "toll_free"
    short_code = "short_code"


@dataclass(frozen=True)
class Line:
    """A number, the webhook for its texts, and the token that signs them."""

    number: str
    kind: LineKind
    webhook_url: str
    auth_token: str
    provider: str
    messaging_service_sid: str | None = None
    fallback_url: str = ""
    """Where a text is posted if its webhook fails."""
    methods: tuple[str, str] = ("POST", "POST")
    """How both are called, as the provider keeps it; the simulator posts."""
    account: str = ""
    """The account's SID; empty: the first one."""
    takes_texts: bool = True
    takes_calls: bool = True
    text_app: str = ""
    """An application of the provider, which takes its texts before any webhook; so do the next two
    with its calls.
    """
    call_app: str = ""
    trunk: str = ""

    @property
    def blocked_sender(self) -> str:
        """The sender that a STOP to this line blocks: the whole service, or the number alone."""
        return self.messaging_service_sid or self.number


class Lines:
    """The registered lines, in order of registration."""

    def __init__(self) -> None:
        self._by_number: dict[str, Line] = {}

    def __iter__(self) -> Iterator[Line]:
        return iter(self._by_number.values())

    def put(self, line: Line) -> None:
        self._by_number[line.number] = line

    def get(self, number: str) -> Line | None:
        return self._by_number.get(number)

    def in_service(self, service_sid: str) -> list[Line]:
        return [line for line in self if line.messaging_service_sid == service_sid]


def kind_of(number: str) -> LineKind:
    """Return the kind of a line, judged by its number."""
    if not number.startswith("+"):
        return LineKind.short_code
    return LineKind.toll_free if TOLL_FREE.fullmatch(number) else LineKind.long_code
