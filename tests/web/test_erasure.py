"""Erasing a number on its page, and what a shorter retention says before it is saved."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from database.tables import Conversation, PhoneCall
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

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
        assert told.status_code == 409
        assert "files of 1 conversation. Nothing is saved" in told.text
        saved = await ada.post(path, data=form | {"forgets": "1-0-0-0"}, headers=PAGE)
        assert saved.status_code == 200
        again = await ada.post(path, data=form, headers=PAGE)
        assert again.status_code == 200


async def test_who_called_is_said_to_be_forgotten_though_there_was_no_conversation(
    office: Office, browsing: Browsing
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    of = {"account_id": office.brand.account_id, "line_id": office.brand.line_id}
    call = {"caller": "+15550123", "language": "en", "look_back_seconds": 60, "began_at": long_ago}
    async with office.sessions.begin() as session:
        for _ in range(2):
            row = insert(PhoneCall).values(**of, **call, skill_id=office.brand.support)
            await session.execute(row)
    async with browsing(office.ada) as ada:
        form = filled((await ada.get("/admin/account")).text) | {"retention_days": "30"}
        told = await ada.post("/admin/account", data=form, headers=PAGE)
        assert told.status_code == 409
        assert "cannot be taken back: the callers of 2 calls. Nothing" in told.text
        saved = await ada.post("/admin/account", data=form | {"forgets": "0-0-0-2"}, headers=PAGE)
        assert saved.status_code == 200, saved.text
