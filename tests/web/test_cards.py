"""Where an account masks cards, no form of the pages takes the number of one."""

from fastapi.routing import APIRoute
from sqlalchemy import update

from api.body_limit import takes_file
from application.server import create_app
from database.tables import Account
from settings import Settings
from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from web.route import PageRoute

CARD = "4242 4242 4242 4242"

OF_NO_ACCOUNT = (
    *("/log-in", "/start", "/welcome", "/forgotten", "/language"),
    *("/operator", "/operator/forget", "/operator/free"),
)
"""Sent by somebody who is not known yet, or by an operator, who is of no account."""


def forms(settings: Settings) -> list[tuple[str, str]]:
    """Return all that pages send forms to; files are looked at line by line."""
    routes = [one for one in create_app(settings).routes if isinstance(one, APIRoute)]
    pages = [one for one in routes if isinstance(one, PageRoute) and not takes_file(one.path)]
    known = [one for one in pages if one.path not in OF_NO_ACCOUNT]
    return [
        (method, one.path) for one in known for method in (one.methods or set()) - {"GET", "HEAD"}
    ]


async def test_a_card_is_refused_in_every_form_of_a_page(
    office: Office, browsing: Browsing, settings: Settings
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    taken, asked = [], forms(settings)
    async with browsing(office.ada) as ada:
        for method, path in asked:
            form = {"anything": CARD}
            answer = await ada.request(method, path, data=form, headers=PAGE)
            if (answer.status_code, "payment card" in answer.text) != (422, True):
                taken.append((method, path, answer.status_code))
            parts = await ada.request(method, path, files={"a": (None, CARD)}, headers=PAGE)
            if (parts.status_code, "payment card" in parts.text) != (422, True):
                taken.append((method, path, parts.status_code))
    assert len(asked) > 100
    assert taken == []


async def test_a_password_that_looks_like_a_card_is_nobodys_to_read(
    office: Office, browsing: Browsing
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    async with browsing(office.ada) as ada:
        typed = {"current": "wrong", "new": CARD, "again": CARD}
        answer = await ada.post("/password", data=typed, headers=PAGE)
        assert "payment card" not in answer.text
