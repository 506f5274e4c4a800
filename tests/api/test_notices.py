"""Notices by the API: what a person is told, what they have read, and how they want it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import httpx2
import pytest

from api.schemas.notices import NoticeOut
from domain.notices.kinds import NoticeKind
from outgoing.posts import Posts
from services.notices import tell_together
from services.proving import Proven
from settings import Settings
from tests.api.conftest import Office, served
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.push_service import PushedBrowser, push_service
from tests.outgoing.posting import LOOPBACK
from tests.outgoing.telling import Teller
from tests.services.callers import person

LOOKS = {"doing": "looks", "page": "a"}


@pytest.fixture
async def teller(office: Office, settings: Settings) -> AsyncIterator[Teller]:
    async with Posts([LOOPBACK]) as posts:
        yield Teller(office.brand, office.sessions, settings, posts)


@pytest.fixture
async def browser() -> AsyncIterator[PushedBrowser]:
    async with push_service() as there:
        yield there


async def test_notices_are_listed_read_and_counted_for_one_person_alone(
    teller: Teller, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    ann = teller.brand.ann
    talks = [await teller.conversation(ann, number=f"+1555010000{n}") for n in range(3)]
    for talk in talks:
        await teller.texts(talk, 2)
        await teller.tell()
    page = (await as_ann.get("/v1/me/notices?limit=2")).json()
    assert [UUID(one["conversation_id"]) for one in page["items"]] == talks[:0:-1]
    newest = page["items"][0]
    assert (newest["kind"], newest["times"], newest["read_at"]) == ("text", 2, None)
    assert newest["title"] == "2 new texts from +1 555 010 0002"
    rest = (await as_ann.get(f"/v1/me/notices?limit=2&cursor={page['next']}")).json()
    assert [one["conversation_id"] for one in rest["items"]] == [str(talks[0])]
    stolen = await as_ben.put("/v1/me/notices/read", json={"ids": [newest["id"]]})
    assert stolen.json() == {"unread": 0}
    read = await as_ann.put("/v1/me/notices/read", json={"conversation_id": str(talks[0])})
    assert read.json() == {"unread": 2}
    some = await as_ann.put("/v1/me/notices/read", json={"ids": [newest["id"], 10**12]})
    assert some.json() == (await as_ann.get("/v1/me/notices/unread")).json() == {"unread": 1}
    unread = (await as_ann.get("/v1/me/notices?unread=true")).json()["items"]
    assert [one["conversation_id"] for one in unread] == [str(talks[1])]
    assert (await as_ann.put("/v1/me/notices/read", json={})).json() == {"unread": 0}
    assert (await as_ben.get("/v1/me/notices")).json()["items"] == []


async def test_each_kind_is_switched_on_its_own_and_what_the_page_does_not_show_is_not_counted(
    teller: Teller, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    kinds = (await as_ann.get("/v1/me/notice-preferences")).json()["kinds"]
    assert [one["kind"] for one in kinds] == list(NoticeKind)[:-1]
    managers = (await as_mia.get("/v1/me/notice-preferences")).json()["kinds"]
    assert managers[-1]["kind"] == "alert"
    await teller.texts(await teller.conversation(teller.brand.ann))
    await teller.tell()
    off = {"kinds": [{"kind": "text", "page": False}, {"kind": "note", "push": True}]}
    after = (await as_ann.put("/v1/me/notice-preferences", json=off)).json()["kinds"]
    by_kind = {one["kind"]: one for one in after}
    assert (by_kind["text"]["page"], by_kind["text"]["sound"]) == (False, True)
    assert by_kind["note"]["push"] is True
    assert (await as_ann.get("/v1/me/notices/unread")).json() == {"unread": 0}
    assert (await as_ann.get("/v1/me/notices")).json()["items"] == []
    back = {"kinds": [{"kind": "text", "page": True}]}
    await as_ann.put("/v1/me/notice-preferences", json=back)
    assert (await as_ann.get("/v1/me/notices/unread")).json() == {"unread": 1}
    wrong = await as_ann.put("/v1/me/notice-preferences", json={"kinds": [{"kind": "smoke"}]})
    assert wrong.status_code == 422


async def test_a_conversation_that_one_may_not_see_any_more_keeps_its_words_to_itself(
    teller: Teller, as_ann: httpx2.AsyncClient
) -> None:
    talk = await teller.conversation(teller.brand.ann)
    await teller.texts(talk)
    await teller.tell()
    await teller.change(talk, agent_id=teller.brand.mia.agent_id)
    [notice] = (await as_ann.get("/v1/me/notices")).json()["items"]
    assert (notice["conversation_id"], notice["consumer_number"]) == (None, None)
    assert notice["title"] == "New text"


async def test_an_open_page_is_told_the_same_as_the_list_shows(
    teller: Teller, as_ann: httpx2.AsyncClient
) -> None:
    ann, account_id = teller.brand.ann, teller.brand.account_id
    talks = [await teller.conversation(ann, number=f"+1555010000{n}") for n in range(3)]
    for talk in talks:
        await teller.texts(talk)
        await teller.tell()
    await teller.change(talks[1], agent_id=teller.brand.mia.agent_id)
    listed = (await as_ann.get("/v1/me/notices")).json()["items"]
    reader = Proven(person(account_id, ann), frozenset())
    ids, direct = {ann.agent_id: [one["id"] for one in listed]}, teller.sessions.direct
    told = await tell_together(direct, account_id, ids, [reader])
    shown = [NoticeOut.of(one).model_dump(mode="json") for one in told[ann.agent_id].shown]
    assert shown == listed[::-1]
    assert [one["consumer_number"] for one in listed].count(None) == 1
    assert told[ann.agent_id].unread == 3
    off = {"kinds": [{"kind": "text", "page": False}]}
    await as_ann.put("/v1/me/notice-preferences", json=off)
    told = await tell_together(direct, account_id, ids, [reader])
    assert told[ann.agent_id].unread == 0
    assert await tell_together(direct, "other", ids, [reader]) == {}


async def test_a_browser_is_kept_for_its_person_and_only_at_public_addresses(
    office: Office,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    browser: PushedBrowser,
) -> None:
    keys = [(await one.get("/v1/me/push-key")).json() for one in (as_ann, as_ben)]
    assert keys[0] == keys[1]
    inside = await as_ann.put("/v1/me/push-subscriptions", json=browser.subscription)
    assert inside.json()["code"] == "url_refused"
    public = browser.subscription | {"endpoint": "https://push.example.com/send/1"}
    made = (await as_ann.put("/v1/me/push-subscriptions", json=public)).json()
    again = (await as_ann.put("/v1/me/push-subscriptions", json=public)).json()
    assert made == again
    assert (await as_ann.get("/v1/me/push-subscriptions")).json() == [made]
    wrong = public | {"keys": {"p256dh": "AAAA", "auth": "x"}}
    refused = await as_ann.put("/v1/me/push-subscriptions", json=wrong)
    assert refused.status_code == 422
    path = f"/v1/me/push-subscriptions/{made['id']}"
    assert (await as_ben.delete(path)).status_code == 404
    taken = (await as_ben.put("/v1/me/push-subscriptions", json=public)).json()
    assert (await as_ann.get("/v1/me/push-subscriptions")).json() == []
    assert (await as_ben.delete(path)).status_code == 204
    assert taken["id"] == made["id"]
    async with office.program(office.ada.role, X_Agent=office.brand.ann.agent_id) as program:
        refused = await program.put("/v1/me/push-subscriptions", json=public)
        assert refused.json()["code"] == "not_allowed"


async def test_who_looks_and_types_is_known_at_every_process_until_they_leave(
    teller: Teller,
    settings: Settings,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    talk = await teller.conversation(teller.brand.ann)
    path = f"/v1/conversations/{talk}/presence"
    assert (await as_ben.put(path, json=LOOKS)).status_code == 404
    assert (await as_ben.get(path)).status_code == 404
    async with (
        served(settings) as other,
        httpx2.AsyncClient(base_url=other, headers=as_ann.headers, verify=PLAIN) as elsewhere,
    ):

        async def mia_is(doing: str | None) -> bool:
            people = (await elsewhere.get(path)).json()["people"]
            return bool(people == ([mia | {"doing": doing}] if doing else []))

        mia = {"agent_id": teller.brand.mia.agent_id, "name": "Mia"}
        await eventually(lambda: repeated(as_mia, path, "looks", mia_is))
        await as_mia.put(path, json=LOOKS | {"page": "b"})
        await as_mia.put(path, json=LOOKS | {"doing": "types"})
        await eventually(lambda: mia_is("types"))
        await as_mia.put(path, json=LOOKS | {"doing": "left"})
        await eventually(lambda: mia_is("looks"))
        await as_mia.put(path, json=LOOKS | {"doing": "left", "page": "b"})
        await eventually(lambda: mia_is(None))
    assert (await as_mia.get(path)).json() == {"people": []}


async def repeated(
    who: httpx2.AsyncClient, path: str, doing: str, seen: Callable[[str], Awaitable[bool]]
) -> bool:
    """Say it again: a process that has just begun may not have listened yet."""
    await who.put(path, json=LOOKS | {"doing": doing})
    return await seen(doing)


async def test_whom_a_note_mentions_may_read_the_conversation_and_answer_by_a_note(
    office: Office,
    centre: Centre,
    teller: Teller,
    as_ann: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
) -> None:
    await as_ada.put(f"/v1/agents/{office.brand.ben.agent_id}/skills", json={"skills": []})
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    talk = f"/v1/conversations/{(await centre.conversation()).id}"
    assert (await as_ben.get(talk)).status_code == 404
    note = {"text": "@ben, was this your order? And @Nobody's?"}
    key = {"Idempotency-Key": "note-1"}
    first = await as_ann.post(f"{talk}/notes", json=note, headers=key)
    again = await as_ann.post(f"{talk}/notes", json=note, headers=key)
    assert first.json() == again.json()
    assert (await as_ben.get(talk)).status_code == 200
    await teller.tell()
    [told] = (await as_ben.get("/v1/me/notices?kind=mention")).json()["items"]
    assert told["title"] == "Ann mentions you in a note"
    assert told["body"] == note["text"]
    mentions = (await as_ben.get("/v1/conversations?view=mentions")).json()["items"]
    assert [one["id"] for one in mentions] == [talk.rpartition("/")[2]]
    assert (await as_ann.get("/v1/conversations?view=mentions")).json()["items"] == []
    answered = await as_ben.post(f"{talk}/notes", json={"text": "Yes, mine."})
    assert answered.status_code == 201
    refused = await as_ben.post(f"{talk}/replies", json={"text": "Hi"})
    assert refused.json()["code"] == "not_your_conversation"
    await teller.tell()
    assert (await as_ben.get("/v1/me/notices/unread")).json() == {"unread": 0}
    [whisper] = (await as_ann.get("/v1/me/notices?kind=note")).json()["items"]
    assert whisper["body"] == "Yes, mine."


async def test_whose_conversation_is_taken_over_is_told_by_whom_and_why(
    office: Office,
    centre: Centre,
    teller: Teller,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    talk = f"/v1/conversations/{(await centre.conversation()).id}"
    taken = await as_mia.post(f"{talk}/take-over", json={"reason": "She asked for a manager."})
    assert taken.status_code == 200
    await teller.tell()
    [told] = (await as_ann.get("/v1/me/notices?kind=taken_away")).json()["items"]
    assert told["title"] == "Mia took over your conversation"
    assert told["body"] == "She asked for a manager."
    assert (told["why"], told["by_agent_id"]) == ("taken_over", office.brand.mia.agent_id)
