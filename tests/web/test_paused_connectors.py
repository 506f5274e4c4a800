"""Managers and admins see that a connector is out of order, and admins resume it."""

from tests.api.conftest import Office
from tests.api.test_paused_connectors import broken
from tests.web.conftest import PAGE, Browsing
from tests.web.test_board import until


async def test_the_board_shows_a_broken_connector_as_it_happens(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia, mia.stream("GET", "/board/live") as answer:
        lines = answer.aiter_lines()
        await until(lines, "id:")
        await broken(office)
        came = await until(lines, "The provider does not accept the account.")
        assert "is out of order" in came
        assert "is out of order" in (await mia.get("/board")).text


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
