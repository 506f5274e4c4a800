"""The page of all conversations: found by an address, read beside the list, kept as views."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert, select, update

from database.tables import Conversation, Event, Message
from reporting import records
from tests.api.conftest import Office
from tests.api.crowd import NOON, add_conversation
from tests.web.at_the_workspace import SCRIPT
from tests.web.conftest import PAGE, Browsing

DAY, ZIP = timedelta(days=1), "The zip is broken. Is there a refund?"
HIT = '<tr class="hit'


async def record(office: Office, *made: str) -> None:
    async with office.sessions.begin() as session:
        await records.write(session, office.brand.account_id, [UUID(one) for one in made])


@pytest.fixture
async def past(office: Office) -> dict[str, str]:
    """Some conversations, by what they are."""
    ann, ben = {"agent_id": office.brand.ann.agent_id}, {"agent_id": office.brand.ben.agent_id}
    over: dict[str, Any] = {
        "status": "closed",
        "opened_at": NOON - 5 * DAY,
        "closed_at": NOON - 5 * DAY + timedelta(minutes=90),
        "close_reason": "agent",
    }
    made = {
        "zip": await add_conversation(office, "+491701230004", ZIP, name="Jane <b>", **ann | over),
        "open": await add_conversation(office, "+15550107777", "Another zip, not broken", **ben),
    }
    await record(office, *made.values())
    await tell(office, made["zip"])
    return made


async def tell(office: Office, made: str) -> None:
    """Add the events that brought the texts of a conversation, and a routing decision."""
    brand, its = office.brand, {"account_id": office.brand.account_id, "conversation_id": made}
    async with office.sessions.begin() as session:
        texts = select(Message).where(Message.conversation_id == UUID(made))
        assigned = {"kind": "conversation_assigned", "agent_id": brand.ann.agent_id}
        await session.execute(insert(Event).values(**its, **assigned, at=NOON - 5 * DAY))
        for text in await session.scalars(texts):
            data = {"message_id": str(text.id)}
            added = {"kind": "message_added", "data": data, "at": text.written_at}
            await session.execute(insert(Event).values(**its, **added))


async def shown(client: httpx2.AsyncClient, query: str = "", status: int = 200) -> str:
    answer = await client.get(f"/conversations?{query}", follow_redirects=True)
    assert answer.status_code == status, answer.text
    return answer.text


def chips(page: str) -> list[str]:
    words = re.findall(r'<a class="chip" href="[^"]*"><span>(.*?)</span>', page)
    return [unescape(re.sub("<[^>]+>", "", one)) for one in words]


async def test_words_and_filters_stand_in_the_address_and_are_taken_off_one_by_one(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    async with browsing(office.brand.mia) as mia, browsing(office.brand.ann) as ann:
        assert (await shown(mia)).count(HIT) == 2
        page = await shown(mia, "q=%22zip+is+broken%22&status=closed&skill=&open=x")
        assert page.count(HIT) == 1
        assert "The <mark>zip</mark> <mark>is</mark> <mark>broken</mark>." in page
        assert "Jane &lt;b&gt;" in page
        assert chips(page) == ['Words: "zip is broken"', "Status: Closed"]
        assert 'href="/conversations?q=%22zip+is+broken%22"' in page
        assert 'name="status" value="closed" checked' in page
        assert "1 conversation<" in page
        exported = 'href="/exports/new?kind=conversations&amp;status=closed&amp;q=%22zip+is'
        assert exported in page
        nothing = await shown(mia, "q=zzz&duration_from_=1")
        assert "Nothing matches. Take off a filter:" in nothing
        for words in ("%25", "z", "+".join(["word"] * 1000), "%27%22%3C"):
            assert (await shown(mia, f"q={words}")).count(HIT) == 0
        assert "Signs alone" in await shown(mia, "q=%25")
        assert "first twelve words" in await shown(mia, "q=" + "+".join(f"w{n}" for n in range(20)))
        # An agent sees what they hold or held.
        page = await shown(ann)
        assert "/exports/new" not in page
        assert (page.count(HIT), past["zip"] in page, past["open"] in page) == (1, True, False)
        assert "There is no such conversation" in await shown(ann, f"open={past['open']}")
        assert (await ann.get(f"/conversations/{past['open']}/beside")).status_code == 404
        assert (await ann.get("/conversations/count")).text.strip() == "<span>1 conversation</span>"


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    wrong = {
        "opened_from=2026-12-02&opened_until=2026-12-01": (
            "opened_until",
            "Must not be before the other end.",
        ),
        "closed_from=soon": ("closed_from", "Must be a date such as 2026-12-24."),
        "duration_from=x": ("duration_from", "Must be a number."),
        "duration_to=-1": ("duration_to", "Must be from 0 to 527,040."),
        "first_response_from=5&first_response_to=2": ("first_response_to", "Must not be before"),
        "number_part=1": ("number_part", "At least 3 digits"),
        "number=0170+1234567": ("number", "international form"),
        "status=odd": ("status", "Must be one of the choices."),
        "opened_days=0": ("opened_days", "Must be at least 1."),
        "conversation=4711": ("conversation", "Must be an id such as"),
        f"conversation={past['zip']}+x": ("conversation", "Must be an id such as"),
        "nps=11": ("nps", "Must be at most 10."),
        "nps_group=fans": ("nps_group", "Must be one of the choices."),
        "resolved=maybe": ("resolved", "Must be yes or no."),
    }
    async with browsing(office.brand.mia) as mia:
        for query, (name, sentence) in wrong.items():
            page = await shown(mia, f"q=zip&{query}")
            told = re.search(rf'id="{name}-failure" role="alert">([^<]+)<', page)
            assert told, query
            assert sentence in unescape(told[1]), told[1]
            assert page.count(HIT) == 0
            assert 'value="zip"' in page
        page = await shown(mia, "duration_from=x&duration_to=7.5")
        assert 'name="duration_from" type="text" value="x"' in page
        assert "was not made by this list" in await shown(mia, "cursor=x")
        assert (await shown(mia, "duration_from=90&duration_to=90")).count(HIT) == 1
        assert (await shown(mia, "duration_from=90.5")).count(HIT) == 0


async def test_days_are_whole_days_by_the_accounts_clock(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    day = (NOON - 5 * DAY).date()
    async with browsing(office.brand.mia) as mia:
        query = f"opened_from={day}&opened_until={day}"
        assert (await shown(mia, query)).count(HIT) == 1
        assert (await shown(mia, f"opened_from={day + DAY}&opened_until={day + DAY}")).count(
            HIT
        ) == 0
        exact = f"opened_from={day}T12:00:00%2B00:00&opened_until={day}T12:00:01Z"
        assert (await shown(mia, exact)).count(HIT) == 1
        page = await shown(mia, exact)
        assert f'type="datetime-local" value="{day}T12:00:00"' in page, "a browser's field holds it"
        to_the_microsecond = f"opened_until={day}T12:00:00.000001Z"
        page = await shown(mia, to_the_microsecond)
        assert f'type="text" value="{day}T12:00:00.000001"' in page
        assert page.count(HIT) == 1


async def test_quick_choices_are_whole_days_that_end_today(
    office: Office, browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.history.quick.utc_now", lambda: NOON)
    async with browsing(office.brand.mia) as mia:
        page = await shown(mia, "opened_days=3")
        for words, first in (("Last 7 days", NOON - 6 * DAY), ("Last 30 days", NOON - 29 * DAY)):
            days = f"opened_from={first.date()}&amp;opened_until={NOON.date()}"
            assert f'href="/conversations?{days}">{words}</a>' in page
        page = await shown(mia, f"opened_from={(NOON - 6 * DAY).date()}&opened_until={NOON.date()}")
        assert 'aria-current="true">Last 7 days</a>' in page


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("duration_from", 1_000_003),
        ("first_response_to", 31_622_399),
        ("opened_from", "2026-01-05T09:30:15.000001Z"),
        ("closed_until", "2026-10-25T01:30:00Z"),
        ("opened_until", "9999-12-31T23:59:59Z"),
        ("closed_until", "0001-01-01T00:00:00Z"),
    ],
)
async def test_a_view_shows_what_the_api_keeps_to_the_last_digit(
    name: str, kept: int | str, office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch("/v1/account", json={"time_zone": "Europe/Berlin"})
    async with browsing(office.brand.mia) as mia:
        new = {"name": "Kept", "filters": {name: kept}}
        view = (await mia.post("/v1/history/views", json=new, headers=SCRIPT)).json()["id"]
        led = (await mia.get(f"/conversations?view={view}")).headers["Location"]
        seen = led.partition("?")[2]
        path = f"/conversations/views/{view}"
        again = {"name": "Kept", "shown": seen, "step": "replace"}
        assert (await mia.post(path, data=again, headers=PAGE)).status_code == 200
        now = (await mia.get(f"/v1/history/views/{view}", headers=SCRIPT)).json()
        assert now["filters"][name] == kept


async def test_a_plus_sign_that_was_not_encoded_is_read_as_one(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    async with browsing(office.brand.mia) as mia:
        for query in ("number=+491701230004", "number_part=+491701230004"):
            page = await shown(mia, query)
            assert page.count(HIT) == 1
            assert chips(page)[0].endswith(": +491701230004")
            assert ">1 conversation<" in (await mia.get(f"/conversations/count?{query}")).text


async def test_the_last_filter_of_a_view_is_taken_off(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    async with browsing(office.brand.mia) as mia:
        new = {"name": "Zips", "shown": "q=zip"}
        made = await mia.post("/conversations/views", data=new, headers=PAGE)
        page = await shown(mia, made.headers["HX-Redirect"].partition("?")[2] + "&status=closed")
        [off] = re.findall(r'<a class="chip" href="([^"]*)"><span>Status', page)
        page = await shown(mia, unescape(off).partition("?")[2])
        assert (chips(page), page.count(HIT)) == ([], 2)


async def test_a_conversation_is_read_beside_the_list(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    async with browsing(office.brand.mia) as mia:
        page = await shown(mia, f"q=zip&open={past['zip']}")
        assert 'aria-current="true"' in page
        assert f'href="/workspace/{past["zip"]}?view=all"' in page
        assert '<p class="words" dir="auto">The <mark>zip</mark> is broken.' in page
        assert "Assigned to Ann" in page
        assert "No routing decision is on record" in page
        part = await mia.get(f"/conversations/{past['zip']}/beside?q=zip", headers=PAGE)
        assert "<html" not in part.text
        assert "<mark>zip</mark>" in part.text
        more = await mia.get(f"/conversations/{past['zip']}/entries?after=0")
        assert ZIP in more.text


async def test_pages_of_a_list_lead_on_and_back(
    office: Office, browsing: Browsing, monkeypatch: pytest.MonkeyPatch, past: dict[str, str]
) -> None:
    monkeypatch.setattr("web.history.listing.LISTED", 1)
    async with browsing(office.brand.mia) as mia:
        first = await shown(mia, "sort=last_message&direction=up")
        [onward] = re.findall(r'rel="next" href="([^"]+)"', first)
        assert 'rel="prev"' not in first
        second = await shown(mia, unescape(onward).partition("?")[2])
        [back] = re.findall(r'rel="prev" href="([^"]+)"', second)
        assert unescape(back) == "/conversations?sort=last_message&direction=up"
        assert {past["zip"] in first, past["zip"] in second} == {True, False}
        assert 'aria-sort="ascending"' not in first  # its column is not shown
        columns = await shown(mia, "sort=last_message&direction=up&column=last_message")
        assert 'aria-sort="ascending"' in columns


async def test_the_answers_after_the_rating_filter_and_are_columns(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    given = {"recommend": 3, "resolved": 0}
    answers = [{"question": name, "value": value} for name, value in given.items()]
    async with office.sessions.begin() as session:
        its = update(Conversation).where(Conversation.id == UUID(past["zip"]))
        await session.execute(its.values(survey_answers=answers))
    await record(office, past["zip"])
    async with browsing(office.brand.mia) as mia:
        page = await shown(mia, "nps_group=detractor&nps=3&resolved=false&column=nps")
        assert chips(page) == [
            *("NPS: Detractors, 0 to 6", "Would recommend us, 0 to 10: 3", "Resolved: No"),
        ]
        assert page.count(HIT) == 1
        assert re.findall(r'data-column="NPS">([^<]*)<', page) == ["3"]
        page = await shown(mia, "column=resolved")
        assert sorted(re.findall(r'data-column="Resolved">([^<]*)<', page)) == ["", "no"]
        assert (await shown(mia, "nps_group=promoter")).count(HIT) == 0
        exported = "nps=3&amp;nps_group=detractor&amp;resolved=False"
        assert exported in await shown(mia, "nps=3&nps_group=detractor&resolved=false")


async def test_managers_choose_teams_of_which_agents_see_nothing(
    office: Office, browsing: Browsing, past: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    people = [office.brand.ann.agent_id]
    new = {"name": "Night <b>", "people": people}
    team = (await as_ada.post("/v1/teams", json=new)).json()["id"]
    async with browsing(office.brand.mia) as mia, browsing(office.brand.ann) as ann:
        page = await shown(mia, f"team={team}")
        assert (page.count(HIT), past["zip"] in page) == (1, True)
        assert chips(page) == ["Team: Night <b>"]
        assert f'name="team" value="{team}" checked' in page
        kept = {"name": "Shared", "shown": f"team={team}", "shared": "yes"}
        address = (await mia.post("/conversations/views", data=kept, headers=PAGE)).headers
        assert "Night" not in await shown(ann)
        led = (await ann.get(address["HX-Redirect"])).headers["Location"]
        page = await shown(ann, led.partition("?")[2], 403)
        assert (page.count(HIT), "Night <b>" in unescape(page)) == (0, False)
        assert "Managers look for conversations by team." in page


async def test_conversations_are_found_by_their_ids(
    office: Office, browsing: Browsing, past: dict[str, str]
) -> None:
    one, other = past["zip"], past["open"]
    async with browsing(office.brand.mia) as mia, browsing(office.brand.ann) as ann:
        page = await shown(mia, f"conversation={one}")
        assert (page.count(HIT), chips(page)) == (1, [f"Conversation id: {one}"])
        written = f"conversation=+{other},{one}%0A"
        page = await shown(mia, written)
        assert (page.count(HIT), len(chips(page))) == (2, 2)
        assert f'name="conversation" type="text" value="{other} {one}"' in page
        assert (await shown(ann, written)).count(HIT) == 1
        assert "Nothing matches." in await shown(ann, f"conversation={other}")


async def test_views_keep_filters_columns_and_order(
    office: Office, browsing: Browsing, past: dict[str, str], strangers: Office
) -> None:
    seen = "q=zip&status=closed&duration_from=7.5&opened_until=2026-12-24&sort=score&column=agent"
    async with browsing(office.brand.mia) as mia, browsing(office.brand.ann) as ann:
        new = {"name": "Zips <b>", "shown": seen, "shared": "yes"}
        made = await mia.post("/conversations/views", data=new, headers=PAGE)
        address = made.headers["HX-Redirect"]
        view = address.partition("=")[2]
        led = (await ann.get(address)).headers["Location"]
        asked = httpx2.URL(led).params
        for pair in seen.split("&"):
            name, _, value = pair.partition("=")
            assert asked[name] == value
        page = await shown(ann, led.partition("?")[2])
        assert "Zips &lt;b&gt;" in page
        assert "Change this view" not in page
        refused = await ann.post("/conversations/views", data=new, headers=PAGE)
        assert refused.status_code == 403
        own = {"name": "Mine", "shown": "label=x"}
        assert (await ann.post("/conversations/views", data=own, headers=PAGE)).status_code == 200
        assert ">Mine<" not in await shown(mia)
        path = f"/conversations/views/{view}"
        renamed = {"name": "Zips", "shown": "q=bag", "step": "rename"}
        kept = (await mia.post(path, data=renamed, headers=PAGE)).headers["HX-Redirect"]
        assert "q=zip" in kept
        replaced = await mia.post(path, data=renamed | {"step": "replace"}, headers=PAGE)
        assert "q=bag" in replaced.headers["HX-Redirect"]
        assert (await ann.post(f"{path}/delete", headers=PAGE)).status_code == 403
        wrong = await mia.post(path, data=renamed | {"name": ""}, headers=PAGE)
        assert wrong.status_code == 422
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.post(f"{path}/delete", headers=PAGE)).status_code == 404
            assert "Nobody has texted yet" in await shown(zoe)
        await mia.post(f"{path}/delete", headers=PAGE)
        assert ">Zips<" not in await shown(mia, f"view={view}")


async def test_consumers_are_sought_by_the_accounts_own_fields(
    office: Office, browsing: Browsing, past: dict[str, str], as_ada: httpx2.AsyncClient
) -> None:
    for new in ({"name": "VIP", "kind": "yes_no"}, {"name": "Since", "kind": "date"}):
        assert (await as_ada.post("/v1/consumer-fields", json=new)).status_code == 201
    fields = (await as_ada.get("/v1/consumer-fields")).json()["items"]
    key = next(one["place"] for one in fields if one["name"] == "VIP").strip("{}")
    async with browsing(office.brand.mia) as mia:
        page = await shown(mia, f"field.{key}=yes")
        assert chips(page) == ["VIP: yes"]
        assert f'<select form="find" id="f-field.{key}"' in page
        assert "Nothing matches." in page
        assert "true or false" in await shown(mia, f"field.{key}=maybe")
        assert "no field gone" in await shown(mia, "field.gone=1")
        by_api = await shown(mia, f"field={key}:no")
        assert chips(by_api) == ["VIP: no"]
