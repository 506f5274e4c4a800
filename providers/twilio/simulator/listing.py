"""Lists messages with Twilio's filters and pages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.resources import PageResource, resource
from simulator.messages import Message

DEFAULT_PAGE_SIZE = 50
MOST_PAGE_SIZE = 1000
PAGING = ("Page", "PageToken", "PageSize")


@dataclass(frozen=True)
class MessageFilters:
    """Filters by sender, recipient and UTC days; None does not filter."""

    recipient: str | None
    sender: str | None
    on: date | None
    until: date | None
    since: date | None

    def match(self, message: Message) -> bool:
        return (
            self.recipient in (None, message.recipient)
            and self.sender in (None, message.sender)
            and self._match_day(message)
        )

    def _match_day(self, message: Message) -> bool:
        if (self.on, self.until, self.since) == (None, None, None):
            return True
        sent_at = message.sent_at or (message.created_at if _is_inbound(message) else None)
        if sent_at is None:
            return False  # a queued text has no date yet
        day = sent_at.astimezone(UTC).date()
        return (
            (self.on is None or day == self.on)
            and (self.until is None or day <= self.until)
            and (self.since is None or day >= self.since)
        )


def filters_of(query: QueryParams) -> MessageFilters:
    """Read the filters. Raises `TwilioError` for a malformed date."""
    return MessageFilters(
        recipient=query.get("To") or None,
        sender=query.get("From") or None,
        on=_day(query, "DateSent"),
        until=_day(query, "DateSent<"),
        since=_day(query, "DateSent>"),
    )


def page_of(found: list[Message], query: QueryParams, path: str, account_sid: str) -> PageResource:
    """Return the requested page, with the addresses of the previous and the next one."""
    size = min(max(_number(query, "PageSize", DEFAULT_PAGE_SIZE), 1), MOST_PAGE_SIZE)
    number = _number(query, "Page", 0)
    start = _start(found, query, number * size)
    shown = found[start : start + size]
    rest = [(name, value) for name, value in query.multi_items() if name not in PAGING]

    def address(page: int, token: str | None = None) -> str:
        paging = [("PageSize", str(size)), ("Page", str(page))]
        return f"{path}?{urlencode(rest + paging + ([('PageToken', token)] if token else []))}"

    has_more = start + size < len(found)
    return PageResource(
        first_page_uri=address(0),
        next_page_uri=address(number + 1, f"PA{shown[-1].sid}") if has_more else None,
        previous_page_uri=address(number - 1) if number else None,
        uri=address(number, query.get("PageToken")),
        page=number,
        page_size=size,
        start=start,
        end=start + max(len(shown) - 1, 0),
        messages=[resource(message, account_sid) for message in shown],
    )


def _start(found: list[Message], query: QueryParams, otherwise: int) -> int:
    """Return where the page begins: after the token's message, even if newer ones came since."""
    after = query.get("PageToken", "").removeprefix("PA")
    return next((n + 1 for n, message in enumerate(found) if message.sid == after), otherwise)


def _number(query: QueryParams, name: str, otherwise: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else otherwise


def _day(query: QueryParams, name: str) -> date | None:
    value = query.get(name)
    if not value:
        return None
    try:
        return datetime.fromisoformat(value[:10]).date()
    except ValueError as error:
        raise TwilioError(400, 20001, f"{name} is not a date: {value}") from error


def _is_inbound(message: Message) -> bool:
    return message.direction.value == "inbound"
