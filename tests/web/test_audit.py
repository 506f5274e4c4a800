"""The audit log on its page and by the API."""

import csv
from io import StringIO

import httpx2

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing


async def test_an_admin_sees_filters_and_exports_who_changed_what(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    async with browsing(office.ada) as ada:
        done = await ada.post("/admin/skills", data={"name": "=cmd()"}, headers=PAGE)
        assert done.status_code == 200
        page = (await ada.get("/admin/audit?subject=skill&action=added")).text
        assert "=cmd()" in page
        assert "on a page" in page
        assert "Nothing passes" in (await ada.get("/admin/audit?until=2020-01-01")).text
        assert (await ada.get("/admin/audit?since=nonsense&actor=%00")).status_code in (200, 422)
        exported = await ada.get("/admin/audit/export?subject=skill")
        rows = list(csv.DictReader(StringIO(exported.text)))
        assert rows[0]["name"] == "'=cmd()"
        assert rows[0]["name_of_actor"] == "Ada"
        assert "Exported" in (await ada.get("/admin/audit?subject=audit_log")).text
    found = (await as_ada.get("/v1/audit", params={"subject": "skill", "limit": 1})).json()
    assert found["items"][0]["actor_name"] == "Ada"
    more = (await as_ada.get("/v1/audit", params={"cursor": found["next"]})).json()
    assert more["items"]


async def test_nobody_but_admins_reads_it(office: Office, browsing: Browsing) -> None:
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get("/admin/audit")).status_code == 403
        assert (await mia.get("/v1/audit")).status_code == 403
        assert (await mia.get("/v1/audit/export")).status_code == 403
