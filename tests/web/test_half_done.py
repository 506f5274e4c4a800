"""A page that the database fails in the middle does nothing by halves."""

import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from services import emptying
from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing


async def test_what_a_page_wrote_before_the_database_failed_is_taken_back(
    office: Office, browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_connection_free(*_: object) -> int:
        raise exc.TimeoutError

    monkeypatch.setattr(emptying, "count", no_connection_free)
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        line = f"/v1/lines/{office.brand.line_id}"
        before = (await api.get(line)).json()
        other = (await api.post("/v1/skills", json={"name": "Other"})).json()["id"]
        path = f"/admin/skills/{office.brand.support}/empty"
        refused = await ada.post(path, data={"to": other}, headers=PAGE)
        assert refused.status_code == 503
        assert "The database does not answer." in refused.text
        assert (await api.get(line)).json() == before


async def test_a_page_whose_connection_breaks_says_so(
    office: Office, browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process was frozen for longer than a transaction may be idle."""

    async def broken(_: object, session: AsyncSession, *__: object) -> int:
        await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return 0

    monkeypatch.setattr(emptying, "count", broken)
    async with browsing(office.ada) as ada:
        path = f"/admin/skills/{office.brand.support}/empty"
        refused = await ada.post(path, data={"to": office.brand.sales}, headers=PAGE)
        assert (refused.status_code, "does not answer" in refused.text) == (503, True)
