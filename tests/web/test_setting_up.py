"""Setting up a brand on its pages: first steps, wrong fields, holidays and a trial of routing."""

import re

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

OWN = {"Sec-Fetch-Site": "same-origin"}
"""What a browser without scripts says of a form of ours."""


async def test_a_new_brands_admin_lands_on_its_first_steps_until_texts_reach_people(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.ada) as ada, browsing(strangers.ada) as zoe:
        begun = await ada.get("/")
        assert begun.headers["Location"] in ("/workspace", "/admin")
        steps = (await ada.get("/admin")).text
        assert 'href="/admin/connectors"' in steps
        assert "When you have time" in steps
        assert begun.headers["Location"] == "/workspace"
        assert (await zoe.get("/admin")).status_code == 200
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get("/admin")).status_code == 403


async def test_every_wrong_field_is_named_once_and_in_its_unit(
    office: Office, browsing: Browsing
) -> None:
    address = f"/admin/skills/{office.brand.support}"
    async with browsing(office.ada) as ada:
        form = filled((await ada.get(address)).text)
        wrong = {"auto_close_seconds": "10 min", "priority": "1000", "name": ""}
        told = (await ada.post(address, data=form | wrong, headers=PAGE)).text
        alone = await ada.post(address, data=form | wrong, headers=OWN)
    assert 'data-field="auto_close_seconds" data-beside="Must be at least 25 min."' in told
    assert "Close after silence: must be at least 25 min." in told
    assert told.count("data-field=") == 3
    assert "Priority: must be at most 100." in alone.text


async def test_holidays_of_a_country_become_days_on_which_it_is_closed(
    office: Office, browsing: Browsing
) -> None:
    path = "/admin/hours/holidays"
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        assert "Germany" in (await ada.get("/admin/hours")).text
        shown = (await ada.get(path, params={"country": "DE", "region": "BE"}, headers=PAGE)).text
        assert "Bavaria" in shown or "Bayern" in shown
        days = re.findall(r'name="days" value="([^"]+)" checked', shown)
        form = {"country": "DE", "region": "BE", "days": days[:2]}
        saved = await ada.post(path, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == "/admin/hours?saved=true"
        special = (await api.get("/v1/hours")).json()["special_days"]
        assert [(one["day"], one["periods"]) for one in special] == [(day, []) for day in days[:2]]
        assert (await ada.post(path, data=form, headers=PAGE)).status_code == 200
        assert len((await api.get("/v1/hours")).json()["special_days"]) == 2
        again = (await ada.get(path, params={"country": "DE"}, headers=PAGE)).text
        assert again.count("disabled") >= 1
        for unfit in ({"country": "XX"}, {"country": ""}):
            assert (await ada.get(path, params=unfit, headers=PAGE)).status_code == 422
        none = await ada.post(path, data=form | {"days": []}, headers=PAGE)
        assert "Tick the holidays" in none.text


async def test_an_admin_tries_who_would_get_a_text(office: Office, browsing: Browsing) -> None:
    form = {"line": office.brand.line_id, "number": "+4915112345678", "text": "Hello"}
    async with browsing(office.ada) as ada:
        told = await ada.post("/admin/routing", data=form, headers=PAGE)
        assert "Its skill: <bdi>Support</bdi>." in told.text
        wrong = await ada.post("/admin/routing", data=form | {"number": "12"}, headers=PAGE)
    assert wrong.status_code == 422
    assert 'data-field="number"' in wrong.text
