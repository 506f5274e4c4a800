"""What one area guards is in no answer of another: not in a list, a file, a board or a report."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from domain.people.token_scopes import OF_A_BRANDS_FILE, Area
from tests.api.conftest import Office
from tests.api.documented import DOCUMENT, OPERATIONS, Operation
from tests.api.test_problems import check
from tests.api.test_token_scopes import ANY_TOKEN, made, scopes_of
from tests.docs.pages import ROOT
from tests.fixtures.centre import Centre

GUARDED: Mapping[Area, frozenset[str]] = {
    Area.conversations: frozenset(
        {
            *("ConversationOut", "MessageOut", "HistoryHit", "ExcerptOut", "ExcerptPart"),
            *("FoundConversationOut", "RatingOut", "SurveyOut", "DraftOut", "NoticeOut"),
            *("MediaOut", "ScheduledTextOut", "BulkAction", "HistoryViewOut", "ViewOut"),
        }
    ),
    Area.consumers: frozenset(
        {"ConsumerDetail", "ConsumerFieldValue", "ConsumerInList", "ConsumerNumber"}
    ),
    Area.agents: frozenset({"AgentOut", "StatePeriodOut", "TeamOut"}),
    Area.connectors: frozenset({"ConnectorOut", "ExchangeOut"}),
    Area.tokens: frozenset({"TokenOut", "TokenMade"}),
    Area.bots: frozenset({"BotOut", "BotWithSecret"}),
    Area.endpoints: frozenset({"EndpointOut", "EndpointWithSecret", "AttemptOut", "DeliveryOut"}),
    Area.calls: frozenset({"CallOut", "MenuOut", "MenuVersionOut"}),
    Area.sources: frozenset({"SourceOut"}),
    Area.notifications: frozenset(
        {"NotificationOut", "BatchOut", "BatchDetail", "BatchProgress", "ResultOut"}
    ),
    Area.reports: frozenset({"ReportOut", "ReportRowOut"}),
    Area.exports: frozenset({"ExportOut", "ExportScheduleOut", "ExportBucketOut"}),
    Area.erasures: frozenset({"ErasureOut", "HeldAboutOut"}),
    Area.audit: frozenset({"AuditEntryOut"}),
}
"""Parts of answers, and the area whose scope whoever reads them needs."""
SAID = frozenset(
    {
        *("last_text", "comment", "excerpt", "excerpts", "email", "note", "fields"),
        *("blocked_reason", "consumer_number", "scheduled_texts"),
    }
)
"""Fields with words of people or about them: a part that has one is guarded."""
OPEN: Mapping[str, str] = {
    "ConsumerConversation": "its text is left out for tokens that read no conversations",
    "ContextOut": "of a notification, batch or conversation, each of which is guarded",
    "ProviderOut": "fields of a form",
    "CredentialsToGive": "fields of a form",
}
"""Parts with such a field that anybody may have, and why."""
FILES: Mapping[Operation, frozenset[str]] = {
    ("GET", "/v1/audit/export"): frozenset({"audit:read"}),
    ("GET", "/v1/batches/{batch_id}/{what}.csv"): frozenset({"notifications:read"}),
    ("GET", "/v1/configuration"): frozenset({"settings:read", *map(str, OF_A_BRANDS_FILE)}),
    ("GET", "/v1/consent-events"): frozenset({"consumers:read"}),
    ("GET", "/v1/consumers/export"): frozenset({"consumers:read"}),
    ("GET", "/v1/consumers/{consumer_id}/everything"): frozenset({"erasures:read"}),
    ("GET", "/v1/events"): frozenset({"events:read"}),  # ids and kinds, and no word
    ("GET", "/v1/exports/{export_id}/file"): frozenset({"exports:read"}),  # and by kind, see below
    ("GET", "/v1/media/{file_id}"): frozenset({"conversations:read"}),
    ("GET", "/v1/media/{file_id}/thumbnail"): frozenset({"conversations:read"}),
    ("GET", "/v1/sources/{source_id}/qr.png"): frozenset({"sources:read"}),
    ("GET", "/v1/sources/{source_id}/qr.svg"): frozenset({"sources:read"}),
}
"""Operations that answer with bytes, and what reading these needs."""
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OF_V1 = [one for one in OPERATIONS if one[1].startswith("/v1") and one not in ANY_TOKEN]
KINDS = {
    "conversations": {"conversations:read", "consumers:read"},
    "messages": {"conversations:read"},
    "survey_answers": {"conversations:read"},
    "events": {"conversations:read"},
    "figures": {"reports:read"},
}
REPORT = {"first": "2026-11-01", "last": "2026-11-02"}


def _contents(method: str, path: str) -> Iterator[tuple[str, Any]]:
    for status, answer in DOCUMENT["paths"][path][method.lower()]["responses"].items():
        if status.startswith("2"):
            yield from answer.get("content", {}).items()


def _parts(method: str, path: str) -> set[str]:
    """Return the names of all parts that an operation's answer is made of."""
    seen: set[str] = set()
    waiting = [content for kind, content in _contents(method, path) if kind == "application/json"]
    while waiting:
        for name in re.findall(r"'#/components/schemas/([^']+)'", str(waiting.pop())):
            if name not in seen:
                seen.add(name)
                waiting.append(SCHEMAS[name])
    return seen


@pytest.mark.parametrize("operation", OF_V1, ids=" ".join)
def test_an_answer_holds_nothing_that_a_scope_which_it_does_not_need_guards(
    operation: Operation,
) -> None:
    method, parts, needed = operation[0], _parts(*operation), set(scopes_of(*operation))
    for area, guarded in GUARDED.items():
        # Whoever may change a thing is answered with how it is then.
        enough = {f"{area}:read"} if method == "GET" else {f"{area}:read", f"{area}:write"}
        assert not parts & guarded or needed & enough, (operation, parts & guarded)


def test_every_part_with_words_of_people_or_about_them_is_guarded() -> None:
    parts = set().union(*(_parts(*one) for one in OF_V1))
    speaking = {one for one in parts if SAID & SCHEMAS[one].get("properties", {}).keys()}
    assert speaking - set().union(*GUARDED.values()) == set(OPEN) & speaking
    assert not set().union(*GUARDED.values()) - parts, "guards what is nowhere"


def test_every_operation_that_answers_with_bytes_needs_what_they_are_of() -> None:
    others = {
        one for one in OF_V1 if any(kind != "application/json" for kind, _ in _contents(*one))
    }
    assert others == FILES.keys()
    for operation, needed in FILES.items():
        assert set(scopes_of(*operation)) == needed, operation


def test_the_documentation_has_every_area_with_its_scopes() -> None:
    page = (ROOT / "docs/api.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page, re.M)
    told = {f"{area}:{verb}" for area, verbs in rows for verb in re.findall(r"`(\w+)`", verbs)}
    assert told == {scope for one in OF_V1 for scope in scopes_of(*one)}


async def test_scopes_for_consumers_neither_read_what_was_said_nor_erase_it(
    office: Office, as_ada: httpx2.AsyncClient, centre: Centre
) -> None:
    await centre.text("hello zebrafinch")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    consumer = f"/v1/consumers/{centre.thread.consumer_id}"
    token = await made(as_ada, "consumers:read", "consumers:write")
    asked = {"consumer_id": centre.thread.consumer_id, "reason": "They asked"}
    async with office.calling(token["token"]) as program:
        check(await program.get(f"{consumer}/everything"), 403, "scope_missing")
        check(await program.get(f"{consumer}/held"), 403, "scope_missing")
        check(await program.post("/v1/erasures", json=asked), 403, "scope_missing")
        [listed] = (await program.get("/v1/consumers")).json()["items"]
        assert listed["newest_conversation"]["last_text"] is None
        assert "zebrafinch" not in str(listed)
    [whole] = (await as_ada.get("/v1/consumers")).json()["items"]
    assert whole["newest_conversation"]["last_text"] == "hello zebrafinch"
    token = await made(as_ada, "erasures:read")
    async with office.calling(token["token"]) as program:
        assert (await program.get(f"{consumer}/everything")).status_code == 200
        check(await program.post("/v1/erasures", json=asked), 403, "scope_missing")


@pytest.mark.parametrize("kind", KINDS)
async def test_exports_and_their_schedules_need_what_their_kind_holds(
    kind: str, office: Office, as_ada: httpx2.AsyncClient
) -> None:
    export = {"kind": kind} | ({"report": REPORT} if kind == "figures" else {})
    schedule = {"name": "Daily", "kind": kind, "every": "day"}
    for lacking in KINDS[kind]:
        scopes = {"exports:read", "exports:write", *KINDS[kind]} - {lacking}
        token = await made(as_ada, *scopes)
        async with office.calling(token["token"]) as program:
            for path, body in (("/v1/exports", export), ("/v1/export-schedules", schedule)):
                problem = check(await program.post(path, json=body), 403, "scope_missing")
                assert lacking in str(problem["detail"])
    token = await made(as_ada, "exports:write", *KINDS[kind])
    async with office.calling(token["token"]) as program:
        for path, body in (("/v1/exports", export), ("/v1/export-schedules", schedule)):
            assert (await program.post(path, json=body)).status_code == 201


async def test_a_token_that_reads_no_conversations_does_not_read_whom_exports_asked_for(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    filters = {"name": "Jane Roe", "q": "bankruptcy", "label": ["refund"]}
    new = {"name": "Daily", "kind": "messages", "every": "day", "filters": filters}
    assert (await as_ada.post("/v1/export-schedules", json=new)).status_code == 201
    asked = {"kind": "messages", "filters": filters}
    assert (await as_ada.post("/v1/exports", json=asked)).status_code == 201
    token = await made(as_ada, "exports:read", "reports:read")
    async with office.calling(token["token"]) as program:
        [schedule] = (await program.get("/v1/export-schedules")).json()
        [export] = (await program.get("/v1/exports")).json()["items"]
    dots = {"name": "•••", "q": "•••", "label": ["refund"]}
    assert (schedule["filters"], export["filters"]) == (dots, dots)
    [schedule] = (await as_ada.get("/v1/export-schedules")).json()
    assert schedule["filters"] == filters


async def test_settings_alone_do_not_have_the_content_of_conversations_erased(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    token = await made(as_ada, "settings:write")
    paths = ("/v1/account", f"/v1/skills/{office.brand.support}")
    async with office.calling(token["token"]) as program:
        for path in paths:
            check(await program.patch(path, json={"retention_days": 7}), 403, "scope_missing")
            assert (await program.patch(path, json={"response_seconds": 60})).status_code == 200
    token = await made(as_ada, "settings:write", "erasures:write")
    async with office.calling(token["token"]) as program:
        for path in paths:
            assert (await program.patch(path, json={"retention_days": 7})).status_code == 200


async def test_who_says_where_things_go_needs_what_reading_them_needs(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    hook = {"name": "Hooks", "url": "https://example.com/hooks"}
    texts = (await as_ada.post("/v1/endpoints", json=hook | {"includes_texts": True})).json()
    plain = (await as_ada.post("/v1/endpoints", json=hook)).json()
    bucket = {"name": "Lake", "region": "eu-central-1", "bucket": "acme-lake"}
    bucket |= {"key_id": "AKIAIOSFODNN7EXAMPLE", "secret": "secret"}
    lake = (await as_ada.post("/v1/export-buckets", json=bucket)).json()
    daily = {"name": "Daily", "kind": "messages", "every": "day", "bucket": lake["id"]}
    assert (await as_ada.post("/v1/export-schedules", json=daily)).status_code == 201
    token = await made(as_ada, "endpoints:write", "exports:write", "reports:read")
    elsewhere = {"url": "https://example.org/hooks"}
    async with office.calling(token["token"]) as program:
        for refused in (
            await program.post("/v1/endpoints", json=hook | {"includes_texts": True}),
            await program.patch(f"/v1/endpoints/{plain['id']}", json={"includes_texts": True}),
            await program.patch(f"/v1/endpoints/{texts['id']}", json=elsewhere),
            await program.patch(f"/v1/export-buckets/{lake['id']}", json={"bucket": "other-lake"}),
        ):
            check(refused, 403, "scope_missing")
        for done in (
            await program.patch(f"/v1/endpoints/{plain['id']}", json=elsewhere),
            await program.patch(f"/v1/endpoints/{texts['id']}", json={"includes_texts": False}),
        ):
            assert done.status_code == 200, done.text
