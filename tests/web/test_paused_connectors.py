"""Managers and admins see that a connector is out of order, and admins resume it."""

from tests.api.conftest import Office
from tests.api.test_paused_connectors import broken
from tests.web.at_the_board import board, boards, following, whole
from tests.web.conftest import PAGE, Browsing


async def test_the_board_shows_a_broken_connector_as_it_happens(
    office: Office, browsing: Browsing
) -> None:
    words = "The provider does not accept the account."
    async with browsing(office.brand.mia) as mia, following(mia) as stream:
        assert (await whole(stream)).paused_connectors == []
        await broken(office)
        came = boards(await stream.words(words))[-1].paused_connectors
        assert came is not None
        assert words in came[0].pause.sentence
        assert (await board(mia)).paused_connectors == came


async def test_an_admin_resumes_a_connector_on_the_account_page(
    office: Office, browsing: Browsing
) -> None:
    await broken(office)
    async with browsing(office.ada) as ada:
        page = (await ada.get("/admin/account")).text
        path = f"/admin/account/connectors/{office.brand.account_id}-twilio/resume"
        assert f'action="{path}"' in page
        assert "code is 20003" in page
        assert "The texts of this connector have been waiting since" in page
        assert (await ada.post(path, headers=PAGE)).status_code in (200, 204, 303)
        assert f'action="{path}"' not in (await ada.get("/admin/account")).text
    async with browsing(office.brand.mia) as mia:
        assert (await mia.post(path, headers=PAGE)).status_code == 403
