"""The workspace's JSON: lists, transcripts, and what an open conversation shows and allows."""

from uuid import UUID, uuid4

import httpx2
from sqlalchemy import insert, update

from database.tables import AwayReason, Message
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.at_the_workspace import (
    SCRIPT,
    boot,
    entries,
    give,
    held,
    listing,
    opened,
    told,
)
from tests.web.conftest import PAGE, Browsing

EVIL = '<script>alert(\'1\')</script> & <b onclick="x">"quoted"</b>'


async def test_what_consumers_write_comes_as_it_was_written(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre, EVIL)
    async with browsing(office.brand.ann) as ann:
        [text] = [one for one in (await entries(ann, id_)).entries if one.message][:1]
        assert text.message
        assert text.message.text == EVIL
        assert (await listing(ann, "mine")).conversations[0].last_text == EVIL
        raw = await ann.get(f"/workspace/{id_}/entries", headers=SCRIPT)
    assert raw.headers["Content-Type"] == "application/json"
    assert raw.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_note_that_nobody_wrote_has_no_writer(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with office.sessions.begin() as session:
        consumers = (Message.conversation_id == id_, Message.author == "consumer")
        await session.execute(update(Message).where(*consumers).values(author="note"))
    async with browsing(office.brand.ann) as ann:
        [note] = [
            one for one in (await entries(ann, id_)).entries if one.by and one.by.kind == "note"
        ]
    assert note.by
    assert (note.by.id, note.by.name) == (None, None)


async def test_what_does_not_exist_or_is_not_theirs_is_not_found(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.brand.ben) as ben:
        for path in (f"{id_}/opened", f"{id_}/entries", f"{id_}/past", f"{uuid4()}/opened"):
            answer = await ben.get(f"/workspace/{path}", headers=SCRIPT)
            assert answer.status_code == 404, path
            assert answer.json()["detail"] == "Nothing was found here."
        assert (await ben.get("/workspace/x")).status_code == 404


async def test_lists_hold_what_their_names_say(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    async def shown(client: httpx2.AsyncClient, view: str) -> list[UUID]:
        return [row.id for row in (await listing(client, view)).conversations]

    await centre.text("hello")
    id_ = (await centre.when("waiting")).id
    async with browsing(office.brand.ann) as ann:
        assert (await shown(ann, "waiting"), await shown(ann, "mine")) == ([id_], [])
        await centre.assign(office.brand.ann.agent_id, "Ann")
        assert (await shown(ann, "waiting"), await shown(ann, "mine")) == ([], [id_])
        assert await shown(ann, "all") == [id_]
        assert (await listing(ann, "all")).counts.mine == 1
    async with browsing(office.brand.ben) as ben:
        assert await shown(ben, "all") == []
    async with browsing(office.brand.mia) as mia:
        assert await shown(mia, "all") == [id_]


async def test_a_transcript_is_read_from_its_end_its_beginning_and_around_a_place(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre, "first words")
    for count in range(5):
        await centre.text(f"text {count}")

    async def all_there() -> bool:
        return len(await centre.transcript()) == 8

    await eventually(all_there)
    async with browsing(office.brand.ann) as ann:
        whole = (await entries(ann, id_)).entries
        ids = [entry.id for entry in whole]
        end = await entries(ann, id_, limit=3)
        assert ([one.id for one in end.entries], end.earlier, end.later) == (ids[-3:], True, False)
        backwards = end
        seen = [one.id for one in end.entries]
        while backwards.earlier:
            backwards = await entries(ann, id_, before=seen[0], limit=3)
            seen = [one.id for one in backwards.entries] + seen
        assert seen == ids
        on = await entries(ann, id_, after=ids[1], limit=2)
        shown = [one.id for one in on.entries]
        assert (shown, on.later) == (ids[2 : 2 + len(shown)], True)
        assert shown
        middle = await entries(ann, id_, around=ids[4], limit=4)
        shown = [one.id for one in middle.entries]
        assert ids[4] in shown[:-1]
        assert (middle.earlier, middle.later) == (True, True)
        bad = await ann.get(f"/workspace/{id_}/entries?before=x", headers=SCRIPT)
        assert bad.status_code == 422


async def test_a_conversation_is_answered_noted_transferred_closed_and_rated(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.brand.ann) as ann:
        key = {"Idempotency-Key": "my-own"}
        for _ in range(2):
            path = f"/v1/conversations/{id_}/replies"
            sent = await ann.post(path, json={"text": "one\ntwo"}, headers=SCRIPT | key)
            assert sent.status_code == 201
        await give(ann, id_, "notes", text="Known customer")
        shown = (await entries(ann, id_)).entries
        [reply] = [one for one in shown if one.message and one.message.text == "one\ntwo"]
        assert reply.command == "my-own"
        assert reply.by
        assert (reply.by.name, (await opened(ann, id_)).rights.may_handle) == ("Ann", True)
        await give(ann, id_, "transfers", skill=office.brand.sales, note="Wants two")
        moved = await opened(ann, id_)
        assert "Ann transferred to Sales" in await told(ann, id_)
        assert moved.rights.refusal == "This conversation waits for an agent."
        assert (moved.rights.may_reply, moved.rights.may_handle) == (False, False)
        await centre.assign(office.brand.ann.agent_id, "Ann")
        await give(ann, id_, "return-to-queue", note="Not mine")
        assert "Ann returned it to the queue" in await told(ann, id_)
        await centre.assign(office.brand.ann.agent_id, "Ann")
        await give(ann, id_, "close")
        await centre.when("survey")
        assert "Closed by Ann" in await told(ann, id_)
        await centre.text("4, but slow")
        await centre.when("closed")
        closed = await opened(ann, id_)
        assert closed.row.rating
        assert (closed.row.rating.words, closed.row.rating.stars) == ("Rated 4 of 5", 4)
        assert closed.row.survey
        assert closed.row.survey.comment == "4, but slow"
        assert (await boot(ann)).own.ratings.percent == 100
    assert ("note", "Wants two") in await centre.spoken()
    assert "Known customer" not in await centre.phone()


async def test_another_site_can_not_act_with_our_cookie(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    id_ = await held(centre)
    async with browsing(office.brand.ann) as victim:
        for path in (f"/v1/conversations/{id_}/close", "/workspace/state"):
            answer = await victim.post(path, headers={"Origin": "https://evil.test"})
            assert answer.status_code == 403
    assert (await centre.conversation()).status == "assigned"


async def test_agents_set_their_own_state_in_the_head_of_other_pages(
    office: Office, browsing: Browsing
) -> None:
    reason = {"account_id": office.brand.account_id, "name": "Lunch: long"}
    async with office.sessions.begin() as session:
        await session.execute(insert(AwayReason).values(reason))
    async with browsing(office.brand.ann) as ann:
        answer = await ann.post("/workspace/state", data={"state": "back_soon"}, headers=PAGE)
        assert 'class="dot back_soon"' in answer.text
        assert (await boot(ann)).own.agent.state == "back_soon"
        form = {"state": "away:Lunch: long"}
        assert (
            "Away: Lunch: long</span>"
            in (await ann.post("/workspace/state", data=form, headers=PAGE)).text
        )
        known = (await boot(ann)).own
        assert (known.agent.state_reason, known.reasons) == ("Lunch: long", ["Lunch: long"])
        for unknown in ("x", "away:Nap"):
            refused = await ann.post("/workspace/state", data={"state": unknown}, headers=PAGE)
            assert refused.status_code == 422


async def test_the_page_knows_lines_names_and_what_its_reader_may_do(
    office: Office, browsing: Browsing
) -> None:
    brand = office.brand
    async with browsing(brand.ann) as ann, browsing(office.ada) as ada:
        for_ann, for_ada = await boot(ann), await boot(ada)
    assert brand.line_id in {line.id for line in for_ann.lines}
    assert for_ann.people[brand.ann.agent_id] == "Ann"
    assert (for_ann.supervises, for_ann.administers) == (False, False)
    assert (for_ada.supervises, for_ada.administers) == (True, True)
