"""Working hours over the API: what is set is what is shown, and impossible hours are refused."""

from typing import Any

import httpx2
import pytest

from database.queries import hours
from domain.hours.calendars import DAY, Period
from tests.api.conftest import Office

OFFICE = {"opens": "09:00", "closes": "17:00"}
NIGHT = {"opens": "22:00", "closes": "06:00"}
WHOLE_DAY = {"opens": "00:00", "closes": "24:00"}
CHRISTMAS = {"day": "2026-12-25", "name": "Christmas", "periods": []}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def week(**days: list[dict[str, str]]) -> dict[str, Any]:
    return {day: days.get(day, []) for day in DAYS}


async def test_an_account_without_hours_is_always_open(as_ann: httpx2.AsyncClient) -> None:
    shown = (await as_ann.get("/v1/hours")).json()
    assert (shown["is_open"], shown["week"], shown["special_days"]) == (True, week(), [])
    assert shown["next_open_at"]


async def test_hours_are_shown_as_they_were_set(office: Office, as_ada: httpx2.AsyncClient) -> None:
    await as_ada.patch("/v1/account", json={"time_zone": "Europe/Berlin"})
    wanted = {
        "week": week(monday=[OFFICE, NIGHT], saturday=[WHOLE_DAY]),
        "special_days": [CHRISTMAS, CHRISTMAS | {"day": "2026-12-24", "periods": [OFFICE]}],
    }
    assert (await as_ada.put("/v1/hours", json=wanted)).status_code == 200
    shown = (await as_ada.get("/v1/hours")).json()
    assert shown["time_zone"] == "Europe/Berlin"
    assert shown["week"] == wanted["week"]
    assert [one["day"] for one in shown["special_days"]] == ["2026-12-24", "2026-12-25"]
    async with office.sessions() as session:
        calendar = await hours.load(session, office.brand.account_id, None)
    assert calendar.week[0] == (Period(540, 1020), Period(1320, DAY + 360))


async def test_a_skill_follows_the_account_until_it_has_hours_of_its_own(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/skills/{office.brand.sales}/hours"
    await as_ada.put("/v1/hours", json={"week": week(monday=[OFFICE])})
    followed = (await as_ada.get(path)).json()
    assert (followed["is_own"], followed["week"]) == (False, week(monday=[OFFICE]))
    own = (await as_ada.put(path, json={"week": week(sunday=[NIGHT])})).json()
    assert (own["is_own"], own["week"]) == (True, week(sunday=[NIGHT]))
    assert (await as_ada.get("/v1/hours")).json()["week"] == week(monday=[OFFICE])
    assert (await as_ada.get(f"/v1/skills/{office.brand.sales}")).json()["has_own_hours"] is True
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.get(path)).json()["week"] == week(monday=[OFFICE])


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"week": {"monday": [OFFICE, {"opens": "16:00", "closes": "18:00"}]}}, "overlap"),
        ({"week": {"sunday": [NIGHT], "monday": [WHOLE_DAY]}}, "overlap"),
        ({"week": {"monday": [{"opens": "09:00", "closes": "09:00"}]}}, "is empty"),
        ({"special_days": [CHRISTMAS, CHRISTMAS]}, "listed twice"),
        ({"special_days": [CHRISTMAS | {"periods": [OFFICE, OFFICE]}]}, "overlap"),
    ],
)
async def test_hours_that_contradict_themselves_are_refused_and_change_nothing(
    as_ada: httpx2.AsyncClient, wanted: dict[str, Any], sentence: str
) -> None:
    await as_ada.put("/v1/hours", json={"week": week(friday=[OFFICE])})
    refused = await as_ada.put("/v1/hours", json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert sentence in refused.json()["detail"]
    assert (await as_ada.get("/v1/hours")).json()["week"] == week(friday=[OFFICE])


@pytest.mark.parametrize(
    "wanted",
    [
        {"week": {"monday": [{"opens": "24:00", "closes": "25:00"}]}},
        {"week": {"monday": [{"opens": "09:60", "closes": "17:00"}]}},
        {"week": {"monday": [{"opens": "9", "closes": "17"}]}},
        {"week": {"someday": [OFFICE]}},
        {"special_days": [CHRISTMAS | {"day": "2026-02-30"}]},
        {"week": {"monday": [OFFICE] * 11}},
    ],
)
async def test_times_that_no_clock_shows_are_malformed(
    as_ada: httpx2.AsyncClient, wanted: dict[str, Any]
) -> None:
    refused = await as_ada.put("/v1/hours", json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")
