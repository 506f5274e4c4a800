"""Consent by the API: blocks, the reach of an opt-out, quiet hours, first texts, and the ledger."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import func, select, update

from database.queries.consent import Consenting, is_opted_out, record_keyword
from database.queries.standings import of_one
from database.tables import Account, Connector, ConsentEvent, Consumer, Line
from domain.consent.keyword import Keyword
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

NUMBER = "+15550123"
MANCHESTER = "+441614960000"
HEADING = "number,kind,at,evidence,scope,text\n"
IMPORT = "/v1/consent-events/import"
CSV = {"Content-Type": "text/csv"}


async def change(centre: Centre, **settings: object) -> None:
    async with centre.sessions.begin() as session:
        whose = Account.id == centre.brand.account_id
        await session.execute(update(Account).where(whose).values(settings))


async def on_three_lines(centre: Centre) -> list[Consenting]:
    """Return the consumer on a line, on another of its connector, and on one of another."""
    brand = centre.brand
    async with centre.sessions.begin() as session:
        first = (await session.scalars(select(Line).where(Line.id == brand.line_id))).one()
        connector = (await session.scalars(select(Connector))).one()
        other = Connector(
            id=f"{brand.account_id}-other",
            account_id=brand.account_id,
            provider=connector.provider,
            name="Other",
            secret=connector.secret,
        )
        session.add(other)
        await session.flush()
        lines = [brand.line_id]
        for number, connector_id in enumerate((connector.id, other.id)):
            line = Line(
                id=f"{brand.account_id}-line-{number}",
                account_id=brand.account_id,
                connector_id=connector_id,
                name=str(number),
                address=f"+1555010010{number}",
                kind=first.kind,
                entry_skill_id=first.entry_skill_id,
            )
            session.add(line)
            lines.append(line.id)
        consumer = Consumer(account_id=brand.account_id, number="+15550124")
        session.add(consumer)
        await session.flush()
        return [Consenting(brand.account_id, consumer.id, line) for line in lines]


async def says(centre: Centre, who: Consenting, keyword: Keyword) -> None:
    async with centre.sessions.begin() as session:
        await record_keyword(session, who, keyword, text=keyword.value, inbound_id=uuid4())


async def silent(centre: Centre, who: list[Consenting]) -> list[bool]:
    async with centre.sessions() as session:
        return [await is_opted_out(session, one) for one in who]


@pytest.mark.parametrize(
    ("reach", "after_stop"),
    [
        ("account", [True, True, True]),
        ("connector", [True, True, False]),
        ("line", [True, False, False]),
    ],
)
async def test_a_stop_reaches_as_far_as_the_account_says_and_start_undoes_it(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient, reach: str, after_stop: list[bool]
) -> None:
    changed = await as_ada.patch("/v1/account", json={"opt_out_reach": reach})
    assert changed.json()["opt_out_reach"] == reach
    who = await on_three_lines(centre)
    await says(centre, who[0], Keyword.stop)
    assert await silent(centre, who) == after_stop
    shown = (await as_ada.get(f"/v1/consumers/{who[0].consumer_id}")).json()
    assert shown["is_opted_out"] is (reach == "account")
    if reach != "account":
        quiet = [one.line_id for one, is_out in zip(who, after_stop, strict=True) if is_out]
        assert sorted(shown["opted_out_lines"]) == sorted(quiet)
    await says(centre, who[0], Keyword.start)
    assert await silent(centre, who) == [False, False, False]


async def test_start_on_one_line_leaves_what_another_line_was_told(centre: Centre) -> None:
    await change(centre, opt_out_reach="line")
    who = await on_three_lines(centre)
    for one in who[:2]:
        await says(centre, one, Keyword.stop)
    await says(centre, who[0], Keyword.start)
    assert await silent(centre, who) == [False, True, False]


async def test_a_blocked_consumer_is_closed_upon_and_takes_nobodys_place(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    block = f"/v1/consumers/{centre.thread.consumer_id}/block"
    refused = await as_ann.put(block, json={"reason": "Threats"})
    assert refused.status_code == 403
    blocked = await as_mia.put(block, json={"reason": "Threats"})
    assert (blocked.status_code, blocked.json()["blocked_reason"]) == (200, "Threats")
    assert blocked.json()["is_opted_out"] is False
    row = await centre.when("closed")
    assert (row.close_reason, row.survey_outcome) == ("blocked", None)
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Hello"}
    opened = await as_ann.post("/v1/conversations", json=new)
    assert (opened.status_code, opened.json()["code"]) == (409, "consumer_blocked")
    unblocked = await as_mia.delete(block)
    assert unblocked.json()["blocked_at"] is None
    assert (await as_ann.post("/v1/conversations", json=new)).status_code == 201


async def test_texts_of_a_blocked_consumer_are_kept_and_answered_by_nobody(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    block = f"/v1/consumers/{centre.thread.consumer_id}/block"
    await as_mia.put(block, json={"reason": "Spam"})
    await centre.text("hello again")
    row = await centre.when("closed")
    assert (row.close_reason, row.closed_at_once) == ("blocked", True)
    assert [(one.author, one.text) for one in await centre.transcript(row.id)] == [
        ("consumer", "hello again")
    ]


async def test_a_first_text_in_quiet_hours_waits_and_says_why(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    # A number without a place has the account's zone, where it is three at night now.
    now = datetime.now(UTC)
    await change(
        centre, holds_quiet_hours=True, time_zone=f"Etc/GMT{(now.hour - 3 + 12) % 24 - 12:+}"
    )
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Ready to collect"}
    made = await as_ann.post("/v1/conversations", json=new)
    assert made.status_code == 201
    shown = (await as_ann.get(f"/v1/conversations/{made.json()['conversation_id']}")).json()
    (text,) = shown["scheduled_texts"]
    assert (text["text"], text["id"]) == ("Ready to collect", made.json()["message_id"])
    assert text["held_because"].startswith("quiet hours in ")
    assert shown["deadlines"][0]["why"] == "it is scheduled for then or held until then"
    assert timedelta(hours=4) < datetime.fromisoformat(text["due_at"]) - now <= timedelta(hours=5)
    assert (shown["status"], shown["pending_side"]) == ("assigned", "consumer")


async def test_a_first_text_is_completed_or_refused_as_the_account_says(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = {"line": office.brand.line_id, "number": MANCHESTER, "text": "Your bike is ready."}
    await change(centre, first_text_check="refuse")
    refused = await as_ann.post("/v1/conversations", json=new)
    assert refused.status_code == 422
    assert "name Brand and say how to opt out" in refused.text
    await change(centre, first_text_check="append")
    made = await as_ann.post("/v1/conversations", json=new)
    (sent,) = await centre.transcript(UUID(made.json()["conversation_id"]))
    assert sent.text == "Brand: Your bike is ready.\nReply STOP to opt out."


async def test_an_account_can_ask_for_consent_before_the_first_text(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    asked = await as_ada.patch("/v1/account", json={"needs_consent": True})
    assert asked.json()["needs_consent"] is True
    new = {"line": office.brand.line_id, "number": MANCHESTER, "text": "Your bike is ready."}
    refused = await as_ann.post("/v1/conversations", json=new)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    signed = f"{HEADING}{MANCHESTER},opted_in,2025-01-02T10:00:00Z,web form,account,I agree\n"
    await as_ada.post(IMPORT, content=signed.encode(), headers=CSV)
    assert (await as_ann.post("/v1/conversations", json=new)).status_code == 201


async def test_who_has_texted_needs_no_other_consent(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    await change(centre, needs_consent=True)
    new = {"line": office.brand.line_id, "number": NUMBER, "text": "Your bike is ready."}
    refused = await as_ann.post("/v1/conversations", json=new)
    assert refused.json()["code"] == "consent_missing"
    await centre.text("Is my bike ready?")
    asked = await centre.when("waiting")
    await as_mia.post(f"/v1/conversations/{asked.id}/close")
    await centre.when("closed")
    assert (await as_ann.post("/v1/conversations", json=new)).status_code == 201


async def test_who_consented_on_another_line_alone_has_not_on_this_one(centre: Centre) -> None:
    first, _, other = await on_three_lines(centre)
    async with centre.sessions.begin() as session:
        session.add(
            ConsentEvent(
                account_id=first.account_id,
                consumer_id=first.consumer_id,
                scope=other.line_scope,
                kind="opted_in",
                source="import",
            )
        )
    async with centre.sessions.begin() as session:
        assert not (await of_one(session, first.line_id, first.consumer_id)).has_consented
        assert (await of_one(session, other.line_id, other.consumer_id)).has_consented


async def test_hours_in_which_no_text_could_ever_leave_are_refused(
    as_ada: httpx2.AsyncClient,
) -> None:
    for hours in ({"texts_from": "22:00"}, {"texts_from": "12:00", "texts_until": "11:00"}):
        assert (await as_ada.patch("/v1/account", json=hours)).status_code == 422, hours
    fine = await as_ada.patch("/v1/account", json={"texts_from": "09:00", "texts_until": "18:00"})
    assert (fine.status_code, fine.json()["texts_from"]) == (200, "09:00:00")


async def test_good_lines_are_imported_once_and_bad_ones_told_by_number(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    lines = (
        f"{MANCHESTER},opted_out,2025-01-02T10:00:00Z,old system,,STOP\n"
        "12345,opted_out,2025-01-02T10:00:00Z,old system,,\n"
        f"{MANCHESTER},maybe,2025-01-02T10:00:00Z,old system,,\n"
        f"{MANCHESTER},opted_in,2025-01-02T10:00:00,old system,,\n"
        f"{MANCHESTER},opted_in,2999-01-02T10:00:00Z,old system,,\n"
        f"{MANCHESTER},opted_in,2025-01-02T10:00:00Z,,,\n"
        f'+441614960001,opted_in,2025-01-02T11:00:00+01:00,"web form,\nnew",account,I agree\n'
        f"{MANCHESTER},opted_out,2025-01-02T10:00:00Z,old system,line:elsewhere,\n"
    )
    content = (HEADING + lines).encode()
    first = (await as_ada.post(IMPORT, content=content, headers=CSV)).json()
    assert (first["added"], first["known"], first["refused"]) == (2, 0, 6)
    assert sorted(error["line"] for error in first["errors"]) == [3, 4, 5, 6, 7, 10]
    again = (await as_ada.post(IMPORT, content=content, headers=CSV)).json()
    assert (again["added"], again["known"]) == (0, 2)
    new = {"line": office.brand.line_id, "number": MANCHESTER, "text": "Hello"}
    async with office.person(office.brand.ann) as ann:
        refused = await ann.post("/v1/conversations", json=new)
    assert refused.json()["code"] == "consumer_opted_out"


async def test_an_imported_opt_in_opts_nobody_in_and_an_old_opt_out_undoes_no_start(
    centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    who = (await on_three_lines(centre))[0]
    await says(centre, who, Keyword.stop)
    content = f"{HEADING}+15550124,opted_in,{datetime.now(UTC).isoformat()},form,,\n"
    assert (await as_ada.post(IMPORT, content=content, headers=CSV)).json()["added"] == 1
    assert await silent(centre, [who]) == [True]
    await says(centre, who, Keyword.start)
    content = f"{HEADING}+15550124,opted_out,2025-01-02T10:00:00Z,old,,\n"
    assert (await as_ada.post(IMPORT, content=content, headers=CSV)).json()["added"] == 1
    assert await silent(centre, [who]) == [False]


async def test_the_ledger_is_exported_whole_and_can_be_imported_again(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    row = f'{MANCHESTER},opted_out,2025-01-02T10:00:00Z,old system,,"=cmd(1) ""x"""\n'
    await as_ada.post(IMPORT, content=HEADING + row, headers=CSV)
    who = (await on_three_lines(centre))[0]
    await says(centre, who, Keyword.stop)
    answer = await as_ada.get("/v1/consent-events")
    assert answer.headers["content-type"].startswith("text/csv")
    imported, said = csv.DictReader(io.StringIO(answer.text))
    assert (imported["source"], imported["number"]) == ("import", MANCHESTER)
    assert imported["text"] == '\'=cmd(1) "x"'
    assert imported["imported_at"]
    assert (said["source"], said["kind"], said["scope"]) == ("text", "opted_out", "account")
    as_json = (await as_ada.get("/v1/consent-events?format=json")).json()
    assert [event["source"] for event in as_json] == ["import", "text"]
    back = (await as_ada.post(IMPORT, content=answer.text, headers=CSV)).json()
    assert (back["added"], back["known"], back["refused"]) == (0, 2, 0)
    assert (await as_mia.get("/v1/consent-events")).status_code == 403


async def test_an_export_is_evidence_for_another_installation(
    centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    content = (
        "id,at,number,kind,scope,source,text,evidence\n"
        "7,2025-01-02 10:00:00.123456+00:00,'+441614960000,opted_out,account,text,STOP,\n"
        "8,2025-01-02 10:00:00+00:00,'+441614960000,opted_out,account,,STOP,\n"
    )
    told = (await as_ada.post(IMPORT, content=content, headers=CSV)).json()
    assert (told["added"], [error["line"] for error in told["errors"]]) == (1, [3])
    [event] = (await as_ada.get("/v1/consent-events?format=json")).json()
    assert (event["text"], event["evidence"]) == ("STOP", "text 7")


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\xff\xfe\x00", b"number,kind,at\n"])
async def test_a_file_without_the_columns_is_refused(
    as_ada: httpx2.AsyncClient, content: bytes
) -> None:
    refused = await as_ada.post(IMPORT, content=content, headers=CSV)
    assert refused.status_code == 422


async def test_nonsense_in_a_file_harms_only_its_lines(
    centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    good = f"{MANCHESTER},opted_in,2025-01-02T10:00:00Z,form,,\n".encode()
    bad = b"+44161\xff\xfe,opted_in,2025-01-02T10:00:00Z,form,,\n\0\0,,,,\n\n,\n" + b"x" * 200_000
    answer = await as_ada.post(IMPORT, content=HEADING.encode() + bad + b"\n" + good, headers=CSV)
    assert (answer.status_code, answer.json()["added"]) == (200, 1), answer.text
    async with centre.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(ConsentEvent)) == 1


async def test_a_table_with_semicolons_is_told_that_commas_are_needed(
    as_ada: httpx2.AsyncClient,
) -> None:
    refused = await as_ada.post(IMPORT, content="number;kind;at;evidence\n", headers=CSV)
    assert refused.status_code == 422
    assert "with commas between them" in refused.json()["detail"]
