"""Where an account masks cards, nothing that is written holds the number of one."""

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import update

from database.tables import Account
from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS, Operation, takes_json
from tests.erasing.remains import in_tables

CARD = "4242 4242 4242 4242"
MASKED = "•••• •••• •••• 4242"
SCHEMAS: Mapping[str, Any] = DOCUMENT["components"]["schemas"]
TYPED = ("uuid", "date-time", "date", "time", "duration")
"""Formats that no card number has."""
SEALED = ("password", "current", "new", "secret", "credentials")
"""Fields of a body whose values nobody reads."""
SEALED_AT = [(name,) for name in SEALED]
NO_CALLER = {("POST", "/v1/sessions")}
"""Asked before anybody is known: it takes nothing but a password and a code."""
THEIR_OWN = {
    ("PUT", "/v1/conversations/{conversation_id}/drafts/{surface}"),
    ("POST", "/v1/conversations/{conversation_id}/bot-answers"),
    ("POST", "/v1/calls/{call_id}/invite"),
    ("POST", "/v1/batches/{batch_id}/recipients"),
}
"""Operations that mask or leave out by themselves, as tests of theirs show."""
Field = tuple[str, ...]


def fields(schema: Mapping[str, Any], to: Field = (), seen: frozenset[str] = frozenset()) -> Any:
    """Yield the path of each field that takes any text."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from fields(SCHEMAS[name], to, seen | {name})
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from fields(one, to, seen)
    is_text = schema.get("type") == "string" and not {"enum", "const"} & schema.keys()
    if is_text and schema.get("format") not in TYPED and to[:1] not in SEALED_AT:
        yield to
    for name, one in schema.get("properties", {}).items():
        yield from fields(one, (*to, name), seen)
    for of in (schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()):
        if isinstance(of, dict):
            yield from fields(of, (*to, "any-name"), seen)
    if "items" in schema:
        yield from fields(schema["items"], (*to, "[]"), seen)


def body_of(field: Field, value: object) -> Any:
    """Return a body with one field."""
    for name in reversed(field):
        value = [value] if name == "[]" else {name: value}
    return value


def written_by(operation: Operation) -> Sequence[Field]:
    method, path = operation
    body = DOCUMENT["paths"][path][method.lower()]["requestBody"]
    return list(dict.fromkeys(fields(body["content"]["application/json"]["schema"])))


TAKING_JSON = [one for one in OPERATIONS if takes_json(*one) and one not in NO_CALLER]
WRITING = [one for one in TAKING_JSON if written_by(one)]


@pytest.fixture
async def masking(office: Office) -> Office:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    return office


def test_the_catalogue_of_what_is_written_knows_notes_own_fields_and_comments() -> None:
    known = {(path, field) for _, path in WRITING for field in written_by((_, path))}
    for path, field in (
        ("/v1/consumers/{consumer_id}", ("note",)),
        ("/v1/consumers/{consumer_id}", ("fields", "any-name")),
        ("/v1/labels", ("name",)),
        ("/v1/saved-replies", ("actions", "[]", "reason")),
        ("/v1/conversations/{conversation_id}/take-over", ("reason",)),
        ("/v1/history/views", ("filters", "q")),
    ):
        assert (path, field) in known
    assert set(WRITING) >= THEIR_OWN


async def test_a_card_is_refused_in_every_field_that_takes_a_text(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    taken = []
    for method, path in WRITING:
        for field in written_by((method, path)):
            answer = await as_ada.request(method, path, json=body_of(field, CARD))
            if (answer.status_code, "payment card" in answer.text) != (422, True):
                taken.append((method, path, field))
    assert {one[:2] for one in taken} <= THEIR_OWN, taken
    assert not await in_tables(masking.sessions, [CARD])


async def test_what_a_caller_pressed_or_said_is_kept_masked(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    asked = {"number": "+15550123", "line": masking.brand.line_id}
    call = (await as_ada.post("/v1/calls/eligibility", json=asked)).json()["call_id"]
    pressed = {"speech": f"text me, my card is {CARD}", "prompt": f"You said {CARD}."}
    body = {"pressed": pressed, "text": "Hello from Acme. Reply STOP to opt out."}
    done = await as_ada.post(f"/v1/calls/{call}/invite", json=body)
    assert done.status_code == 200, done.text
    assert not await in_tables(masking.sessions, [CARD])
    assert set(await in_tables(masking.sessions, [f"my card is {MASKED}"])) >= {"phone_call"}


async def test_an_imported_opt_out_counts_with_its_words_masked(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    file = (
        "number,kind,at,evidence,text\n"
        f"+15550123,opted_out,2026-01-02T10:00:00Z,paid by {CARD},stop {CARD}\n"
    )
    csv = {"Content-Type": "text/csv"}
    done = await as_ada.post("/v1/consent-events/import", content=file, headers=csv)
    assert done.json()["added"] == 1, done.text
    assert not await in_tables(masking.sessions, [CARD])
    assert set(await in_tables(masking.sessions, [f"stop {MASKED}"])) == {"consent_event"}


async def test_a_line_of_consumers_with_a_card_is_refused_and_the_others_are_imported(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    file = f"number,name,note\n+15550123,Quokka,{CARD}\n+15550124,Ben,likes tea\n"
    csv = {"Content-Type": "text/csv"}
    done = await as_ada.post("/v1/consumers/import", content=file, headers=csv)
    assert (done.json()["new"], done.json()["refused"]) == (1, 1), done.text
    assert "payment card" in done.json()["errors"][0]["error"]
    assert not await in_tables(masking.sessions, [CARD, "Quokka"])


async def test_the_name_of_a_list_of_recipients_is_kept_masked(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    new = {"line": masking.brand.line_id, "text": "Hi {name}", "title": "Spring"}
    batch = (await as_ada.post("/v1/batches", json=new)).json()["id"]
    path = f"/v1/batches/{batch}/recipients/csv?name={CARD}.csv"
    csv = {"Content-Type": "text/csv"}
    added = await as_ada.post(path, content="number,name\n+15550100777,Mia\n", headers=csv)
    assert added.status_code < 300, added.text
    assert not await in_tables(masking.sessions, [CARD])


async def test_ids_are_no_cards_and_what_is_sealed_is_nobodys_to_read(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    ids = {"consumer_id": "4242bdfa-4242-4242-8242-424242424242", "reason": "case 4711"}
    assert (await as_ada.post("/v1/erasures", json=ids)).status_code == 404
    sealed = {"id": "x", "name": "X", "provider": "twilio", "secret": {"auth_token": CARD}}
    assert "payment card" not in (await as_ada.post("/v1/connectors", json=sealed)).text
    numbered = {"revision": 0, "fields": {"any": 4242424242424242}}
    refused = await as_ada.patch(f"/v1/consumers/{ids['consumer_id']}", json=numbered)
    assert "payment card" in refused.text
    numbered["fields"] = {"any": 4242424242424242.0}
    refused = await as_ada.patch(f"/v1/consumers/{ids['consumer_id']}", json=numbered)
    assert "payment card" in refused.text


async def test_a_field_of_the_brands_own_is_looked_at_though_it_is_called_like_a_secret(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    for name in SEALED:
        change = {"revision": 0, "fields": {name: CARD}}
        refused = await as_ada.patch(f"/v1/consumers/{uuid4()}", json=change)
        assert "payment card" in refused.text, name


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/merge-patch+json", "Application/X+JSON ; charset=utf-8"],
)
async def test_a_card_is_refused_in_whatever_is_read_as_json(
    masking: Office, as_ada: httpx2.AsyncClient, kind: str
) -> None:
    body = json.dumps({"name": CARD}).encode()
    refused = await as_ada.post("/v1/labels", content=body, headers={"Content-Type": kind})
    assert (refused.status_code, "payment card" in refused.text) == (422, True), refused.text


def with_key_twice() -> bytes:
    return f'{{"name": "Paid", "name": "{CARD}"}}'.encode()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (json.dumps({"name": CARD}).encode(), {}),
        (json.dumps({"name": CARD}).encode(), {"Content-Type": "text/plain"}),
        (
            json.dumps({"name": CARD}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        ),
        (json.dumps({"name": CARD}).encode("utf-16"), {"Content-Type": "application/json"}),
        (json.dumps({"name": CARD}).encode("utf-32-be"), {"Content-Type": "application/json"}),
        (json.dumps({"name": CARD}).encode("utf-8-sig"), {"Content-Type": "application/json"}),
        (
            gzip.compress(json.dumps({"name": CARD}).encode(), mtime=0),
            {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        ),
        (with_key_twice(), {"Content-Type": "application/json"}),
        (
            json.dumps({"name": CARD.replace("4", "\uff14")}).encode(),
            {"Content-Type": "application/json"},
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n4242424242424242\r\n--x--',
            {"Content-Type": "multipart/form-data; boundary=x"},
        ),
    ],
)
async def test_no_way_to_write_a_body_keeps_a_card(
    masking: Office, as_ada: httpx2.AsyncClient, body: bytes, headers: dict[str, str]
) -> None:
    answer = await as_ada.post("/v1/labels", content=body, headers=headers)
    assert answer.is_client_error, answer.text
    assert (await as_ada.get("/v1/labels")).json()["items"] == []


async def test_a_card_is_no_key_of_a_request_and_no_id_of_one(
    masking: Office, as_ada: httpx2.AsyncClient
) -> None:
    card = CARD.replace(" ", "-")
    for path, name in (("/v1/labels", "name"), (f"/v1/batches/{uuid4()}/recipients", "recipients")):
        keyed = {"Idempotency-Key": card}
        refused = await as_ada.post(path, json={name: "Paid"}, headers=keyed)
        assert "payment card" in refused.text, path
    headers = {"X-Request-ID": card, "Idempotency-Key": str(uuid4())}
    made = await as_ada.post("/v1/labels", json={"name": "Paid"}, headers=headers)
    assert (made.status_code, made.headers["X-Request-ID"] == card) == (201, False)
    assert not await in_tables(masking.sessions, [CARD, card])


async def test_an_account_that_masks_no_cards_takes_everything(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    assert (await as_ada.post("/v1/labels", json={"name": CARD})).status_code == 201
