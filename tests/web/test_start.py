"""A brand sets itself up, with a link that serves once."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, update

from database.tables import Account, Agent, SetUpLink
from services import set_up_links
from services.installation import Installation
from tests.api.conftest import Office
from tests.web.conftest import PAGE

FORM = {
    "brand": "Blue Bicycles",
    "name": "Zoë",
    "email": "zoe@blue.example",
    "password": "a very long password",
    "again": "a very long password",
    "time_zone": "Europe/Berlin",
}


async def new_key(office: Office) -> str:
    async with office.sessions.begin() as session:
        return await set_up_links.make(Installation(), session)


async def test_a_brand_sets_itself_up_and_its_admin_is_logged_in(office: Office) -> None:
    key = await new_key(office)
    async with office.calling() as stranger:
        page = await stranger.get("/start", params={"key": key})
        assert f'value="{key}"' in page.text
        done = await stranger.post("/start", data=FORM | {"key": key}, headers=PAGE)
        assert done.headers["HX-Redirect"] == "/admin"
        me = (await stranger.get("/v1/me")).json()
        assert (me["agent"]["name"], me["agent"]["role"]) == ("Zoë", "admin")
        again = await stranger.post("/start", data=FORM | {"key": key}, headers=PAGE)
        assert (again.status_code, "no longer works" in again.text) == (404, True)
        assert (await stranger.get("/start", params={"key": key})).status_code == 404
    async with office.sessions() as session:
        account = await session.scalar(select(Account).where(Account.brand == "Blue Bicycles"))
        assert account is not None
        assert (account.id, account.time_zone) == ("blue-bicycles", "Europe/Berlin")


async def test_what_is_wrong_is_said_and_the_link_still_serves(office: Office) -> None:
    key = await new_key(office)
    wrong = {
        "do not match": {"again": "something else"},
        "Your brand": {"brand": " "},
        "Your name": {"name": ""},
        "Your e-mail address": {"email": "zoe"},
        "Time zone": {"time_zone": "Berlin"},
        "Password": {"password": "short", "again": "short"},
        "A password may not be made": {"password": "Blue Bicycles", "again": "Blue Bicycles"},
    }
    async with office.calling() as stranger:
        for sentence, typed in wrong.items():
            refused = await stranger.post("/start", data=FORM | {"key": key} | typed, headers=PAGE)
            assert (refused.status_code, sentence in refused.text) == (422, True), sentence
        done = await stranger.post("/start", data=FORM | {"key": key}, headers=PAGE)
        assert done.headers["HX-Redirect"] == "/admin"


async def test_an_old_link_and_no_link_set_up_nothing(office: Office) -> None:
    key = await new_key(office)
    async with office.sessions.begin() as session:
        await session.execute(
            update(SetUpLink).values(expires_at=func.now() - timedelta(seconds=1))
        )
    async with office.calling() as stranger:
        for one in (key, "", "swb_guess", "\0", "ö" * 150):
            assert (await stranger.get("/start", params={"key": one})).status_code == 404
            refused = await stranger.post("/start", data=FORM | {"key": one}, headers=PAGE)
            assert refused.status_code == 404


async def test_a_link_used_twice_at_once_sets_up_one_brand(office: Office) -> None:
    key = await new_key(office)
    async with office.calling() as one, office.calling() as other:
        answers = await asyncio.gather(
            *(each.post("/start", data=FORM | {"key": key}, headers=PAGE) for each in (one, other))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 404]


async def test_a_name_that_is_taken_or_has_no_latin_letters_gets_an_id_of_its_own(
    office: Office,
) -> None:
    for brand in ("Blue Bicycles", "Blue Bicycles", "Blue", "自転車", "自転車", "x"):
        key = await new_key(office)
        async with office.calling() as stranger:
            form = FORM | {"key": key, "brand": brand}
            done = await stranger.post("/start", data=form, headers=PAGE)
            assert done.headers.get("HX-Redirect") == "/admin", done.text
    async with office.sessions() as session:
        admins = select(Agent.account_id).where(Agent.email == FORM["email"])
        assert len(set(await session.scalars(admins))) == 6
