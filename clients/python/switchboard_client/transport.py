"""How the client asks: one request, its problem as an error, lists page by page, live events."""

from collections.abc import Iterator, Mapping
from typing import Generic, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter

from .errors import EventsGone, ProblemError

Item = TypeVar("Item")
Answered = TypeVar("Answered")
Query = Mapping[str, object]


class Model(BaseModel):
    """What is sent and answered. Fields that a later version of the API adds are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Page(Model, Generic[Item]):
    """A page of a list. `next`: the `cursor` of the next page, None at the end."""

    items: list[Item]
    next: str | None = None


class Sent(TypedDict, total=False):
    """What a request may carry. `key`: its Idempotency-Key."""

    query: Query
    body: BaseModel | None
    content: bytes
    content_type: str
    key: str | None


class Transport:
    """A connection to the API of one Switchboard, for one token.

    `agent`: the agent for whom a manager's or an admin's token acts. Use it as a context manager,
    or call `close`.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        agent: str | None = None,
        timeout: float = 30,
        http: httpx2.Client | None = None,
    ) -> None:
        self._http = http or httpx2.Client(base_url=base_url, timeout=timeout)
        self._headers = {"Authorization": f"Bearer {token}"}
        if agent:
            self._headers["X-Agent"] = agent
        self._base_url, self._token = base_url, token

    def acting_for(self, agent: str) -> Self:
        """Return a client over the same connections that acts for an agent."""
        return type(self)(self._base_url, self._token, agent=agent, http=self._http)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self, method: str, path: str, answered: type[Answered], **sent: Unpack[Sent]
    ) -> Answered:
        """Make a request and return what is answered, as its model."""
        return TypeAdapter(answered).validate_json(self._request(method, path, **sent).content)

    def _fetch(self, method: str, path: str, **sent: Unpack[Sent]) -> bytes:
        """Make a request and return the bytes that are answered."""
        return self._request(method, path, **sent).content

    def _tell(self, method: str, path: str, **sent: Unpack[Sent]) -> None:
        """Make a request that is answered with nothing."""
        self._request(method, path, **sent)

    def _request(self, method: str, path: str, **sent: Unpack[Sent]) -> httpx2.Response:
        """Make a request. Raises `ProblemError`, or `httpx2.TransportError` without an answer."""
        headers, content = dict(self._headers), sent.get("content")
        if (body := sent.get("body")) is not None:
            content = body.model_dump_json(exclude_unset=True, by_alias=True).encode()
            headers["Content-Type"] = "application/json"
        if kind := sent.get("content_type"):
            headers["Content-Type"] = kind
        if key := sent.get("key"):
            headers["Idempotency-Key"] = key
        params = _written(sent.get("query", {}))
        answer = self._http.request(method, path, params=params, content=content, headers=headers)
        if answer.is_error:
            raise ProblemError.of(answer)
        return answer

    def _iterate(self, path: str, item: type[Item], query: Query) -> Iterator[Item]:
        """Yield the entries of a list, page after page."""
        cursor: str | None = None
        while True:
            asked = {**query, "cursor": cursor}
            page: Page[Item] = self._ask("GET", path, Page[item], query=asked)  # type: ignore[valid-type] # made for this list
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _follow(self, path: str, item: type[Item], query: Query) -> Iterator[Item]:
        """Yield the events of a stream until it ends. Begin again after the last one's id."""
        adapter = TypeAdapter(item)
        params, headers = _written(query), self._headers
        with self._http.stream("GET", path, params=params, headers=headers, timeout=None) as answer:
            if answer.is_error:
                answer.read()
                raise ProblemError.of(answer)
            kind, data = "", ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif not line and data:
                    if kind == "reload":
                        raise EventsGone(TypeAdapter(EventsGone.Told).validate_json(data).id)
                    yield adapter.validate_json(data)
                    kind, data = "", ""


def part(value: object) -> str:
    """Return a value as a part of an address."""
    return quote(str(value), safe="")


def _written(query: Query) -> dict[str, str | list[str]]:
    """Return the parameters that are given, as they are written in an address."""
    return {
        name: [_plain(one) for one in value] if isinstance(value, list | tuple) else _plain(value)
        for name, value in query.items()
        if value is not None
    }


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
