"""Erasing a number on its page, and what a shorter retention says before it is saved."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from database.tables import Conversation
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing

PATH = "/admin/erasure"


async def test_what_is_held_is_said_and_the_last_digits_are_asked_for(
    office: Office, centre: Centre, browsing: Browsing
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    async with browsing(office.ada) as ada:
        assert "Nothing is held" in (await ada.get(f"{PATH}?number=%2B14155550199")).text
        assert "international form" in (await ada.get(f"{PATH}?number=%2B1")).text
        held = (await ada.get(f"{PATH}?number=%2B15550123")).text
        assert "The last four digits" in held
        assert "The last four digits" in (await ada.get(f"{PATH}?number=+15550123")).text
        form = {"consumer_id": str(row.consumer_id), "reason": "They asked", "digits": "9999"}
        wrong = await ada.post(PATH, data=form, headers=PAGE)
        assert (wrong.status_code, "Nothing was erased" in wrong.text) == (422, True)
        asked = await ada.post(PATH, data=form | {"digits": "0123"}, headers=PAGE)
        shown = await ada.get(asked.headers["HX-Redirect"])
        assert "Open conversations are being ended" in shown.text
        assert "They asked" in (await ada.get(PATH)).text
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get(PATH)).status_code == 403


async def test_what_a_shorter_retention_erases_is_said_before_it_is_saved(
    office: Office, centre: Centre, browsing: Browsing
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    async with office.sessions.begin() as session:
        ended = {"status": "closed", "closed_at": datetime.now(UTC) - timedelta(days=40)}
        await session.execute(update(Conversation).values(**ended))
    path = f"/admin/skills/{office.brand.support}"
    form = {"name": "Support", "priority": "0", "transfer_targets": "all", "idle_weight": "0.5"}
    form |= {"idle_after_seconds": "5 min", "retention_days": "30"}
    async with browsing(office.ada) as ada:
        told = await ada.post(path, data=form, headers=PAGE)
        assert (told.status_code, "of 1 conversation within hours" in told.text) == (409, True)
        saved = await ada.post(path, data=form | {"forgets": "1"}, headers=PAGE)
        assert saved.status_code == 200
        again = await ada.post(path, data=form, headers=PAGE)
        assert again.status_code == 200
