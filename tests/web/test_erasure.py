"""Erasing a number on its page, and what a shorter retention says before it is saved."""

import re
from datetime import UTC, datetime, timedelta

import httpx2
from sqlalchemy import select, update
from sqlalchemy import text as sql

from database.queries.consumers import with_phone
from database.tables import Account, Conversation, Skill
from domain.numbers.phone_numbers import phone_of
from domain.people.roles import Role
from services.erasing.erasures import COUNTED
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

PATH = "/admin/erasure"
SKILL = {
    "name": "Support",
    "priority": "0",
    "transfer_targets": "all",
    "idle_weight": "0.5",
    "idle_after_seconds": "5 min",
}
CALLS = sql("""
    INSERT INTO phone_call (account_id, line_id, skill_id, caller, language, look_back_seconds,
        began_at)
    SELECT :account, :line, :skill, '+15550123', 'en', 60, now() - interval '40 days'
    FROM generate_series(1, :times)
""")
TEXTS = sql("""
    INSERT INTO message (id, account_id, line_id, consumer_id, author, text, written_at, status)
    SELECT gen_random_uuid(), :account, :line, :consumer, 'system', 'Hi',
        now() - interval '40 days', 'queued'
    FROM generate_series(1, :times)
""")


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
    await old_conversation(office, centre)
    path = f"/admin/skills/{office.brand.support}"
    form = SKILL | {"retention_days": "30"}
    async with browsing(office.ada) as ada:
        told = await ada.post(path, data=form, headers=PAGE)
        assert told.status_code == 409
        assert "files of 1 conversation. Nothing is saved" in told.text
        saved = await ada.post(path, data=form | confirming(told), headers=PAGE)
        assert saved.status_code == 200
        again = await ada.post(path, data=form, headers=PAGE)
        assert again.status_code == 200


async def test_who_called_is_said_to_be_forgotten_though_there_was_no_conversation(
    office: Office, browsing: Browsing
) -> None:
    await called(office, times=2)
    async with browsing(office.ada) as ada:
        form = filled((await ada.get("/admin/account")).text) | {"retention_days": "30"}
        told = await ada.post("/admin/account", data=form, headers=PAGE)
        assert told.status_code == 409
        assert "cannot be taken back: the callers of 2 calls. Nothing" in told.text
        saved = await ada.post("/admin/account", data=form | confirming(told), headers=PAGE)
        assert saved.status_code == 200, saved.text


async def test_what_was_confirmed_is_saved_though_more_has_grown_old_while_somebody_read(
    office: Office, browsing: Browsing
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    await called(office, times=1)
    async with browsing(office.ada) as ada:
        form = filled((await ada.get("/admin/account")).text) | {"retention_days": "30"}
        told = await ada.post("/admin/account", data=form, headers=PAGE)
        await called(office, times=3)
        saved = await ada.post("/admin/account", data=form | confirming(told), headers=PAGE)
        assert saved.status_code == 200, saved.text


async def test_nothing_goes_by_a_confirmation_of_other_days_or_of_another_kind(
    office: Office, centre: Centre, browsing: Browsing
) -> None:
    await called(office, times=1)
    async with browsing(office.ada) as ada:
        form = filled((await ada.get("/admin/account")).text)
        kept = confirming(
            await ada.post("/admin/account", data=form | {"retention_days": "30"}, headers=PAGE)
        )
        shorter = form | {"retention_days": "7"} | kept
        assert (await ada.post("/admin/account", data=shorter, headers=PAGE)).status_code == 409
        await old_conversation(office, centre)
        same = form | {"retention_days": "30"} | kept
        told = await ada.post("/admin/account", data=same, headers=PAGE)
        assert (told.status_code, "of 1 conversation" in told.text) == (409, True)
        assert (await ada.post("/admin/account", data=form, headers=PAGE)).status_code == 200
    async with office.sessions() as session:
        assert await session.scalar(select(Account.retention_days)) is None


async def test_a_skill_that_goes_by_the_account_is_confirmed_for_the_days_that_then_hold(
    office: Office, centre: Centre, browsing: Browsing
) -> None:
    await old_conversation(office, centre)
    path = f"/admin/skills/{office.brand.support}"
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(retention_days=30))
        await session.execute(update(Skill).values(retention_days=3650))
    async with browsing(office.ada) as ada:
        told = await ada.post(path, data=SKILL, headers=PAGE)
        assert told.status_code == 409
        async with office.sessions.begin() as session:
            await session.execute(update(Account).values(retention_days=7))
        again = await ada.post(path, data=SKILL | confirming(told), headers=PAGE)
        assert again.status_code == 409
        saved = await ada.post(path, data=SKILL | confirming(again), headers=PAGE)
        assert saved.status_code == 200


async def test_of_more_than_ten_thousand_calls_and_texts_only_so_many_are_looked_at(
    office: Office, browsing: Browsing
) -> None:
    await called(office, times=COUNTED + 1)
    await waiting_to_leave(office, times=COUNTED + 1)
    async with browsing(office.ada) as ada:
        form = filled((await ada.get("/admin/account")).text) | {"retention_days": "30"}
        told = await ada.post("/admin/account", data=form, headers=PAGE)
        assert "perhaps texts of no conversation" in told.text
        assert "at least the callers of 10,000 calls" in told.text
        saved = await ada.post("/admin/account", data=form | confirming(told), headers=PAGE)
        assert saved.status_code == 200
    async with office.program(Role.admin) as program:
        counted = (await program.get("/v1/erasures/retention?days=30")).json()
        assert (counted["calls"], counted["messages"]) == (COUNTED, 0)
        assert counted["at_least"] == ["calls", "messages"]


def confirming(told: httpx2.Response) -> dict[str, str]:
    """Return the field of the button that an answer offers."""
    [(name, value)] = re.findall(r'<button name="([^"]*)" value="([^"]*)"', told.text)
    return {name: value}


async def old_conversation(office: Office, centre: Centre) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    async with office.sessions.begin() as session:
        ended = {"status": "closed", "closed_at": datetime.now(UTC) - timedelta(days=40)}
        await session.execute(update(Conversation).values(**ended))


async def called(office: Office, *, times: int) -> None:
    """Let somebody have called, long ago."""
    of = {"account": office.brand.account_id, "line": office.brand.line_id}
    async with office.sessions.begin() as session:
        await session.execute(CALLS, {**of, "skill": office.brand.support, "times": times})


async def waiting_to_leave(office: Office, *, times: int) -> None:
    """Let old texts be on their way still, so that they stay."""
    of = {"account": office.brand.account_id, "line": office.brand.line_id}
    async with office.sessions.begin() as session:
        consumer = await with_phone(session, office.brand.account_id, phone_of("+15550123"))
        await session.execute(TEXTS, {**of, "consumer": consumer.id, "times": times})
        await session.execute(sql("ANALYZE message, phone_call"))
