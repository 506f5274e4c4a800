"""Odd input from anybody, anywhere, gets an answer and is never a fault."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from api.caller import COOKIE
from application.routes import shared_routes
from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS, address, example
from tests.examples import is_nightly
from tests.fixtures.centre import PATIENCE_SECONDS, Centre

LONE = ["\ud800", "\udfff", "\ud800 hi", "hi \udc00", "\ud800\ud800", "\udc00\ud800", "a\udfffb"]
ODD = ["\0", "日本", "a\r\nb", "\\", "%", "../..", "\u202e", "\ufdfa", "\x85", "1" * 300, "", " "]
NASTY = [*LONE, *ODD]
BYTES = ["%ED%A0%80", "%FF", "%00", "%C0%80", "%0D%0A", "%5C", "%F0%9F%98%80", "%25", "+", "%2e%2e"]


def written(value: object) -> bytes:
    """Write JSON with escapes, which can name what no encoding holds."""
    return json.dumps(value).encode()


def with_text(value: Any, text: str) -> Any:
    """Return a body's example with `text` in the place of each of its strings."""
    match value:
        case str():
            return text
        case dict():
            return {name: with_text(each, text) for name, each in value.items()}
        case list():
            return [with_text(each, text) for each in value]
        case _:
            return value


def one_by_one(value: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
    """Yield a body's example with one field's strings replaced, for each field, and one more."""
    for name, each in value.items():
        if (changed := with_text(each, text)) != each:
            yield value | {name: changed}
    yield value | {text: "an unknown field"}


T = TypeVar("T")


def in_turn(each: Sequence[T], number: int, most: int) -> Sequence[T]:
    """Return `most` of these, other ones for the next number; nightly all of them."""
    return each if is_nightly() else [each[(number + turn) % len(each)] for turn in range(most)]


JSON = {"Content-Type": "application/json"}
BODIES = sorted((method, path) for method, path in OPERATIONS if example(method, path))


async def test_half_a_character_in_a_body_is_refused_by_every_route(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    """In any of its fields: it is the body that is refused, whatever stands around it."""
    for number, (method, path) in enumerate(BODIES):
        for body in in_turn(list(one_by_one(example(method, path), "\ud800 hi")), number, 2):
            answer = await as_ada.request(
                method, address(path), content=written(body), headers=JSON
            )
            assert answer.status_code == 422, (method, path, body, answer.text)
            assert answer.json()["code"] == "malformed"


async def test_no_text_in_a_body_is_a_fault(office: Office, as_ada: httpx2.AsyncClient) -> None:
    for number, (method, path) in enumerate(BODIES):
        if path in ("/v1/sessions", "/v1/me/password"):
            continue  # they count
        for text in in_turn(ODD, number, 4):
            body = with_text(example(method, path), text)
            answer = await as_ada.request(
                method, address(path), content=written(body), headers=JSON
            )
            assert answer.status_code < 500, (method, path, body, answer.text)


def schema_of(described: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in described:
        return described
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][described["$ref"].rsplit("/", 1)[1]]
    return found


def in_every_field(described: dict[str, Any], text: str, depth: int = 3) -> Iterator[Any]:
    """Yield values of a schema, `text` in the place of one of its strings, or of a name."""
    schema = schema_of(described)
    for either in schema.get("anyOf", []):
        yield from in_every_field(either, text, depth)
    if schema.get("type") == "string":
        yield text
    if depth == 0:
        return
    for one in in_every_field(schema.get("items", {}), text, depth - 1):
        yield [one]
    for name, part in schema.get("properties", {}).items():
        for one in in_every_field(part, text, depth - 1):
            yield {name: one}
    if isinstance(named := schema.get("additionalProperties"), dict):
        yield from ({text: one} for one in in_every_field(named, text, depth - 1))


async def test_no_field_takes_a_text_that_is_a_fault_whether_an_example_has_it_or_not(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    texts = ("a\0b", "\ufffe")
    for method, path in BODIES:
        if path in ("/v1/sessions", "/v1/me/password"):
            continue  # they count
        taken = DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]
        schema = taken["application/json"]["schema"]
        each_field = zip(*(in_every_field(schema, text) for text in texts), strict=True)
        for number, with_each in enumerate(each_field):
            for fields in in_turn(with_each, number, 1):
                body = written(example(method, path) | fields)
                answer = await as_ada.request(method, address(path), content=body, headers=JSON)
                assert answer.status_code < 500, (method, path, fields, answer.text)


async def test_no_text_in_a_reply_or_a_note_is_a_fault(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{(await centre.conversation()).id}"
    for text in NASTY:
        for kind in ("replies", "notes"):
            content = written({"text": text})
            answer = await as_ann.post(f"{path}/{kind}", content=content, headers=JSON)
            assert answer.status_code < 500, (kind, text, answer.text)
            assert answer.status_code == 422 or text not in LONE


async def test_an_escaped_pair_is_one_character_and_an_escaped_backslash_is_one(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{(await centre.conversation()).id}/replies"
    for escaped, text in (
        (r"\ud83d\ude00", "😀"),
        (r"\uD83D\uDE00", "😀"),
        (r"\\ud800", "\\ud800"),
    ):
        body = b'{"text": "' + escaped.encode() + b'"}'
        answer = await as_ann.post(path, content=body, headers=JSON)
        assert answer.status_code < 300, answer.text
        assert text in [said[-1] for said in await centre.spoken()]


HALVES = {
    "half a pair behind a pair": rb'{"text": "\ud83d\ude00\ude00"}',
    "half a pair behind a backslash": rb'{"text": "\\\ud83d"}',
    "a pair the wrong way round": rb'{"text": "\ude00\ud83d"}',
    "a pair broken by another escape": rb'{"text": "\ud83d\n\ude00"}',
    "in a name": rb'{"\udc00": "hi"}',
}
NOT_JSON = {
    "surrogates as bytes": b'{"text": "\xed\xa0\x80"}',
    "no UTF-8": b'{"text": "\xff"}',
    "UTF-16": '{"text": "hi"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"text": "\\ud800"}'.encode("utf-16-le"),
    "UTF-32": '{"text": "hi"}'.encode("utf-32-be"),
    "a bare NUL": b'{"text": "\0"}',
}


async def test_what_is_no_text_is_no_json(as_ann: httpx2.AsyncClient) -> None:
    for kind, body in (NOT_JSON | HALVES).items():
        wanted = (422, "malformed") if kind in HALVES else (400, "malformed_json")
        for content in (body, pieces(body)):
            answer = await as_ann.post("/v1/conversations", content=content, headers=JSON)
            assert (answer.status_code, answer.json()["code"]) == wanted, kind


async def pieces(body: bytes) -> Any:
    for one in body:
        yield bytes([one])


async def test_no_query_path_or_header_is_a_fault(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    names = [
        (method, path, one["name"])
        for method, path in OPERATIONS
        for one in DOCUMENT["paths"][path][method.lower()].get("parameters", [])
        if one["in"] == "query"
    ]
    for number, (method, path, name) in enumerate(names):
        for odd in in_turn(BYTES[:5], number, 2):
            if path != "/v1/events":
                answer = await as_ada.request(method, f"{address(path)}?{name}={odd}")
                assert answer.status_code < 500, (method, path, name, odd)
    for number, (method, path) in enumerate(OPERATIONS):
        head, found, tail = path.partition("{")
        for odd in in_turn(BYTES[:5], number, 2) if found else ():
            odd_address = head + odd + tail.partition("}")[2]
            answer = await as_ada.request(method, odd_address, json=example(method, path))
            assert answer.status_code < 500, (method, odd_address)


HEADERS = ["X-Agent", "Idempotency-Key", "X-Request-ID", "Last-Event-ID", "Cookie", "Authorization"]
HEADERS += ["Origin", "Content-Type", "HX-Current-URL", "X-Twilio-Signature", "Accept", "Host"]


VALUES = [b"\xff", "日本".encode(), b"\xed\xa0\x80", b"'\"\\", b"a" * 5000, b"=;=", b"Bearer \xff"]
VALUES += [b"multipart/form-data", b"application/json; charset=utf-16"]


async def test_no_header_is_a_fault(office: Office, as_ada: httpx2.AsyncClient) -> None:
    """Each header with each value, each header and each value at each route; nightly all at all."""
    line = f"/webhooks/twilio/{office.brand.line_id}/inbound"
    calls = [("GET", "/v1/me"), ("POST", "/v1/skills"), ("GET", "/workspace"), ("POST", line)]
    calls += [("POST", "/log-in"), ("POST", "/codec/decode"), ("GET", "/workspace/list")]
    own = as_ada.headers["Authorization"].encode()
    faults = []
    async with office.calling() as caller:
        turns = range(len(calls)) if is_nightly() else (0, 3)
        grid = product(enumerate(HEADERS), enumerate(VALUES), turns)
        for (number, name), (place, value), turn in grid:
            method, path = calls[(number + place + turn) % len(calls)]
            sent = [(name.encode(), value)]
            if name not in ("Authorization", "Cookie"):
                sent.append((b"Authorization", own))
            answer = await caller.request(method, path, headers=sent, content=b"{}")
            caller.cookies.clear()
            if answer.status_code >= 500:
                faults.append((method, path, name, value))
    assert not faults


def page_routes() -> list[tuple[str, str]]:
    """Return every page, as a method and an address."""
    return [
        (method, route.path)
        for route in iter_route_contexts(shared_routes())
        if route.path and not route.path.startswith(("/v1", "/codec", "/static"))
        for method in sorted(route.methods or ())
        if not route.path.endswith(("/live", "/stream", "/log-out"))
    ]


def test_there_are_pages() -> None:
    assert len(page_routes()) > 50


FIELDS = ["text", "email", "password", "wanted", "name", "role", "language", "kind", "design"]
FIELDS += ["at", "skills", "delay", "number", "line", "target", "event", "hours", "zone", "state"]


async def test_no_form_of_a_page_is_a_fault(office: Office, as_ada: httpx2.AsyncClient) -> None:
    """Each page whole and in part, with each odd text: every other page the other way round."""
    token = as_ada.headers["Authorization"].removeprefix("Bearer ")
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-Switchboard": "1"}
    async with office.calling(Cookie=f"{COOKIE}={token}") as page:
        for number, (method, path) in enumerate(page_routes()):
            for turn, odd in enumerate(["%ED%A0%80", "%00"]):
                form = "&".join(f"{name}={odd}" for name in (*FIELDS, odd))
                in_part = {"HX-Request": "true", "HX-Current-URL": f"http://a.test/{odd}"}
                part = in_part if (number + turn) % 2 else {}
                answer = await page.request(
                    method,
                    f"{address(path)}?{form}",
                    content=form if method == "POST" else None,
                    headers=kind | part,
                )
                assert answer.status_code < 500, (method, path, odd, answer.text[:300])


CHARSETS = ["utf-7", "raw_unicode_escape", "unicode_escape", "idna", "punycode", "undefined", "x"]


async def test_no_encoding_of_a_form_is_a_fault(office: Office) -> None:
    body = b'--utf-8\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800 +2AA-\r\n'
    body += body.replace(b'"email"', b'"password"') + b"--utf-8--\r\n"
    async with office.calling(X_Switchboard="1") as nobody:
        for charset in (*CHARSETS, "utf-8"):
            for given in (
                f"charset={charset}",
                f'charset="{charset}"',
                f"charset*=utf-8''{charset}",
            ):
                kind = {"Content-Type": f"multipart/form-data; boundary=utf-8; {given}"}
                answer = await nobody.post("/log-in", content=body, headers=kind)
                assert answer.status_code in (401, 415, 422), (given, answer.text)
                assert answer.status_code == 415 or charset not in CHARSETS, given


async def test_what_a_stranger_cuts_off_is_no_fault(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    address_of = httpx2.URL(office.url)
    paths = [f"/webhooks/twilio/{office.brand.line_id}/inbound", "/v1/sessions", "/codec/decode"]
    paths += [f"/webhooks/twilio/{office.brand.line_id}/status", "/log-in", "/v1/skills"]
    paths += ["/workspace/state", quote("/v1/conversations/x/replies")]
    for path in paths:
        _, writer = await asyncio.open_connection(address_of.host, address_of.port)
        head = f"POST {path} HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\nhalf".encode())
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
    written = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while written.count("request_finished") < len(paths):
            await asyncio.sleep(0.05)
            written += capfd.readouterr().out
    assert written.count("request_cut_off") >= 2
    assert "request_failed" not in written
