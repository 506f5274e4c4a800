"""Reports by the API: figures of real conversations, what is behind them, and who may see them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import update

from database.tables import Account, Event
from domain.conversation.kinds import EventKind
from domain.reporting.catalogue import FIGURES
from reporting import recounting
from reporting.following import Following
from reporting.summing import Summing
from settings import Settings
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from workflows.conversation.commands import Close, TransferToSkill

pytestmark = pytest.mark.usefixtures("in_one_day")

DAY = timedelta(days=1)
TODAY = {"first": "2020-01-01", "last": "2100-01-01"}


async def counted(office: Office, settings: Settings) -> None:
    """Count all that happened."""
    url = str(settings.database.database_url)
    await Following(office.sessions, url).read([office.brand.account_id])
    await Summing(office.sessions).look()


async def test_a_conversation_is_in_the_figures_and_behind_them(
    office: Office,
    settings: Settings,
    centre: Centre,
    as_mia: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
) -> None:
    brand = office.brand
    await centre.text("hello")
    await centre.when("waiting")
    await centre.assign(brand.ann.agent_id, "Ann")
    conversation = str((await centre.conversation()).id)
    await as_ann.post(
        f"/v1/conversations/{conversation}/replies", json={"text": "It is on its way"}
    )
    await centre.give(Close(key="c1", actor=brand.ann))
    await centre.when("survey")
    await centre.text("5 very kind")
    await centre.when("closed")
    await counted(office, settings)

    async def asked(path: str = "", **more: str | bool) -> Any:
        answer = await as_mia.get(f"/v1/reports{path}", params={**TODAY, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()

    report = await asked(compare=True)
    numbers = report["total"]["numbers"]
    one = ("opened", "opened_by_consumer", "closed", "closed_by_agent", "handled", "texts_out")
    assert {name: numbers[name] for name in one} == dict.fromkeys(one, 1)
    assert (numbers["csat"], numbers["mean_rating"], numbers["answer_rate"]) == (100, 5, 100)
    assert numbers["abandoned_rate"] == 0
    assert numbers["nps"] is None
    assert numbers["waiting"] >= 0
    assert report["total"]["numbers_before"]["opened"] == 0
    assert not report["is_over"], "its last day is to come"
    assert (await asked(last="2020-01-31"))["is_over"]
    measured = report["total"]["measured"]["first_response_time"]
    assert measured["times"] == 1
    assert measured["clock"]["median"] == measured["clock"]["longest"] < 120
    assert measured["worked"] == measured["clock"], "without hours, all time is working time"
    assert report["total"]["measured"]["duration"]["worked"] is None
    by_agent = await asked(by="agent", figure="handled")
    assert list(by_agent["rows"][0]["numbers"]) == ["handled"]
    assert by_agent["total"]["numbers"]["opened"] == 1
    assert [(row["name"], row["numbers"]["handled"]) for row in by_agent["rows"]] == [("Ann", 1)]
    day = (await centre.conversation()).opened_at.astimezone(UTC).date().isoformat()
    [row] = (await asked(by="day", first=day, last=day))["rows"]
    assert row["key"] == day
    assert (await asked(skill=brand.sales))["total"]["numbers"]["opened"] == 0
    [behind] = (await asked("/conversations", figure="csat", agent=brand.ann.agent_id))["items"]
    assert behind["conversation"]["id"] == conversation
    opened_at = datetime.fromisoformat(behind["conversation"]["opened_at"])
    weekday = str(opened_at.isoweekday())
    at_that = await asked("/conversations", figure="opened", weekday=weekday)
    assert len(at_that["items"]) == 1
    another = str(opened_at.isoweekday() % 7 + 1)
    assert not (await asked("/conversations", figure="opened", weekday=another))["items"]
    assert not (await asked("/ratings", satisfied=False))["items"]
    [rating] = (await asked("/ratings", satisfied=True))["items"]
    assert (rating["score"], rating["comment"]) == (5, "5 very kind")
    assert (rating["agent_id"], rating["satisfied"]) == (brand.ann.agent_id, True)


async def test_a_report_says_how_many_days_are_being_counted_anew(
    office: Office, settings: Settings, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    brand, now = office.brand, datetime.now(UTC)
    await centre.text("hello")
    one = await centre.when("waiting")
    earlier = {"account_id": brand.account_id, "conversation_id": one.id, "at": now - 3 * DAY}
    async with office.sessions.begin() as session:
        session.add(Event(kind=EventKind.conversation_transferred.value, data={}, **earlier))
    await counted(office, settings)

    async def uncounted(days: Mapping[str, str] = TODAY) -> int:
        answer = await as_mia.get("/v1/reports", params=days)
        return int(answer.json()["days_uncounted"])

    async def uncounted_of(at: datetime) -> int:
        day = at.astimezone(ZoneInfo("Asia/Kolkata")).date().isoformat()
        return await uncounted({"first": day, "last": day})

    assert await uncounted() == 0
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone="Asia/Kolkata"))
    assert await uncounted() >= 3, "days of the clock before"
    assert await uncounted_of(now) == 1, "today as well"
    await recounting.begin(office.sessions, brand.account_id)
    assert await uncounted_of(now - 3 * DAY) == 1
    assert await uncounted_of(now) == 0, "nobody asks for that day"
    await counted(office, settings)
    assert await uncounted() == 0


async def test_a_page_says_how_many_conversations_are_with_other_teams(
    office: Office,
    settings: Settings,
    centre: Centre,
    as_ada: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    brand = office.brand
    await centre.text("hello")
    await centre.when("waiting")
    await centre.assign(brand.ann.agent_id, "Ann")
    await counted(office, settings)
    team = {"name": "Helpers", "skills": [brand.support], "people": [brand.mia.agent_id]}
    assert (await as_ada.post("/v1/teams", json=team)).status_code == 201
    asked = {**TODAY, "figure": "opened"}
    page = (await as_mia.get("/v1/reports/conversations", params=asked)).json()
    assert (len(page["items"]), page["hidden"]) == (1, 0)
    away = TransferToSkill(key="t1", actor=brand.ann, skill_id=brand.sales)
    await centre.give(away)
    page = (await as_mia.get("/v1/reports/conversations", params=asked)).json()
    assert (page["items"], page["hidden"]) == ([], 1)


async def test_a_day_that_does_not_fit_is_refused_with_a_sentence(
    as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    async def refused(status: int = 422, path: str = "", **asked: str) -> str:
        answer = await as_mia.get(f"/v1/reports{path}", params=TODAY | asked)
        assert answer.status_code == status, answer.text
        return str(answer.json()["detail"])

    assert "before the first" in await refused(first="2026-02-02", last="2026-02-01")
    assert "400 days" in await refused(by="day")
    assert "2000 to 2200" in await refused(first="0001-01-01")
    await refused(last="2026-02-30")
    await refused(by="shoe size")
    await refused(colour="red")
    assert "no figure weight" in await refused(figure="weight")
    assert "behind this figure" in await refused(path="/conversations", figure="online_hours")
    assert "behind this figure" in await refused(path="/conversations", figure="'; --")
    told = await refused(path="/conversations", figure="nps", answer="yes")
    assert told == "There is no such answer. There are: promoter, passive, detractor."
    told = await refused(path="/conversations", figure="opened", answer="yes")
    assert told == "No answers are behind this figure."
    empty = await as_mia.get("/v1/reports", params=TODAY | {"by": "hour"})
    assert empty.json()["rows"] == []
    assert (await as_ann.get("/v1/reports", params=TODAY)).status_code == 403
    figures = (await as_mia.get("/v1/reports/figures")).json()
    assert [one["id"] for one in figures] == list(FIGURES)
    assert all(one["says"].endswith(".") for one in figures)
