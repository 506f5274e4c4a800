"""The audit log on its page and by the API."""

import csv
from io import StringIO

import httpx2

from database.auditing.tables import AUDITED
from services import auditing
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing
from web.admin.audit import SUBJECTS


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


async def test_days_and_numbers_beyond_any_calendar_are_no_error_of_ours(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        odd = ("since=0001-01-01", "until=9999-12-31", "until=9999-12-30", f"before={10**30}")
        for query in (*odd, "before=-1", "subject=no-such", "since=2026-02-30"):
            for path in ("/admin/audit", "/admin/audit/export"):
                status = (await ada.get(f"{path}?{query}")).status_code
                assert status in (200, 422), (path, query, status)
        for since in ("0001-01-01T00:00:00%2B14:00", "2026-01-01T00:00:00", "99999999999"):
            status = (await ada.get(f"/v1/audit?since={since}")).status_code
            assert status in (200, 422), (since, status)


def test_every_subject_of_the_log_has_its_name_on_the_page() -> None:
    of_services = {auditing.CONVERSATION, auditing.EXCERPTS, auditing.COMMENTS, auditing.FILES}
    assert {*AUDITED, *of_services} - set(SUBJECTS) == set()


async def test_nobody_but_admins_reads_it(office: Office, browsing: Browsing) -> None:
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get("/admin/audit")).status_code == 403
        assert (await mia.get("/v1/audit")).status_code == 403
        assert (await mia.get("/v1/audit/export")).status_code == 403


async def test_who_looks_into_anothers_conversation_stands_in_it_once_in_an_hour(
    office: Office, centre: Centre, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation = str((await centre.conversation()).id)
    for who in (office.brand.ann, office.brand.mia):
        async with browsing(who) as page:
            for _ in range(2):
                opened = await page.get(f"/workspace/{conversation}/entries")
                assert opened.status_code == 200, opened.text
    await as_ada.get(f"/v1/conversations/{conversation}/transcript")
    log = (await as_ada.get("/v1/audit?subject=conversation")).json()["items"]
    assert not (await as_ada.get("/v1/audit?subject=files")).json()["items"]
    readers = [office.ada.agent_id, office.brand.mia.agent_id]
    assert [(one["actor"], one["action"], one["subject_id"]) for one in log] == [
        (reader, "read", conversation) for reader in readers
    ]
