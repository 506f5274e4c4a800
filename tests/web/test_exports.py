"""The pages of exports: filters of views, schedules that are changed and paused, and buckets."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

from sqlalchemy import select

from database.tables import Endpoint, Export, ExportBucket, ExportSchedule
from domain.reporting.kinds import SplitBy
from services.history import views
from services.history.filters import HistoryFilters
from services.history.views import NewHistoryView
from services.reporting.spans import Days
from tests.api.conftest import Office
from tests.services.callers import person
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled
from web.export_links import figures_link

LAKE = {
    **{"name": "Lake", "bucket": "acme-lake", "region": "eu-central-1", "prefix": "in/"},
    **{"endpoint": "https://s3.nowhere.invalid", "key_id": "AKIA1", "secret": "se/cret+1"},
}
DAILY = {"name": "Daily", "kind": "messages", "format": "csv", "every": "day", "hour": "5"}


async def _view(office: Office, filters: HistoryFilters) -> str:
    mia = person(office.brand.account_id, office.brand.mia)
    async with office.sessions.begin() as session:
        new = NewHistoryView("Closed ones", filters, is_shared=True)
        return str((await views.create(mia, session, new)).view.id)


async def test_an_export_takes_the_filters_of_a_view_or_of_the_list_it_comes_from(
    office: Office, browsing: Browsing
) -> None:
    view = await _view(
        office, HistoryFilters.model_validate({"status": ["closed"], "sort": "score"})
    )
    async with browsing(office.brand.mia) as mia:
        page = unescape((await mia.get("/exports/new?kind=messages&satisfied=false")).text)
        assert f'<option value="{view}"' in page
        assert "As the view Closed ones" in page
        assert "Make it again" not in page
        [carried] = re.findall(r'name="filters" value="(.+)">', page)
        wanted = {"kind": "messages", "format": "csv", "filters": carried}
        for chosen in ("", "none", view):
            sent = await mia.post("/exports", data=wanted | {"view": chosen}, headers=PAGE)
            assert sent.headers["HX-Redirect"] == "/exports"
        for unknown in ("no-id", "6f1c0a52-8a53-4b61-9c43-0b1f1e6f3c11"):
            sent = await mia.post("/exports", data=wanted | {"view": unknown}, headers=PAGE)
            assert sent.status_code == 404
    async with office.sessions() as session:
        made = await session.scalars(select(Export.filters).order_by(Export.created_at))
    assert [dict(one) for one in made] == [{"satisfied": False}, {}, {"status": ["closed"]}]
    async with browsing(office.ada) as ada:
        page = unescape((await ada.get("/exports/new?kind=messages&satisfied=false")).text)
        [again] = re.findall(r'href="(/exports/schedules/new[^"]+)"', page)
        assert json.dumps({"satisfied": False}) in unescape((await ada.get(again)).text)


async def test_a_browser_that_asks_for_bytes_behind_the_end_is_told_where_that_is(
    office: Office, browsing: Browsing
) -> None:
    brand, now = office.brand, datetime.now(UTC)
    made = Export(
        **{"id": uuid4(), "account_id": brand.account_id, "agent_id": brand.mia.agent_id},
        **{"kind": "messages", "format": "csv", "filters": {}, "status": "done"},
        **{"size": 10, "ended_at": now, "expires_at": now + timedelta(days=1)},
    )
    async with office.sessions.begin() as session:
        session.add(made)
    async with browsing(brand.mia) as mia:
        answer = await mia.get(f"/exports/{made.id}/file", headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")


async def test_a_schedule_goes_into_a_bucket_and_is_changed_paused_and_goes_on(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    view = await _view(office, HistoryFilters.model_validate({"opened_days": 3, "label": ["x"]}))
    async with browsing(office.ada) as ada:
        for address, told in {
            "http://s3.example": "must begin with https://",
            "https://10.0.0.7": "private network",
        }.items():
            refused = await ada.post(
                "/exports/buckets", data=LAKE | {"endpoint": address}, headers=PAGE
            )
            assert told in refused.text
        await ada.post("/exports/buckets", data=LAKE, headers=PAGE)
        page = (await ada.get("/exports/buckets")).text
        [bucket] = re.findall(r'action="/exports/buckets/([\w-]+)/try"', page)
        form = (await ada.get(f"/exports/buckets/{bucket}")).text
        assert LAKE["secret"] not in page + form
        tried = await ada.post(f"/exports/buckets/{bucket}/try", headers=PAGE)
        assert "Nothing answers at the address of this service." in tried.text
        same = LAKE | {"secret": "", "prefix": "out/"}
        saved = await ada.post(f"/exports/buckets/{bucket}", data=same, headers=PAGE)
        assert saved.headers["HX-Redirect"] == "/exports/buckets"

        await ada.get("/exports/schedules/new")
        await ada.post("/exports/schedules", data=DAILY | {"view": view}, headers=PAGE)
        page = unescape((await ada.get("/exports/schedules")).text)
        assert "Hours are by the account's clock: UTC." in page
        [path] = re.findall(r'href="(/exports/schedules/[\w-]{36})"', page)
        form = unescape((await ada.get(path)).text)
        [carried] = re.findall(r'name="filters" value="(.+)">', form)
        changed = DAILY | {"hour": "7", "every": "week", "bucket": bucket, "filters": carried}
        assert (
            "hour" in (await ada.post(path, data=DAILY | {"hour": "25"}, headers=PAGE)).text.lower()
        )
        assert (await ada.post(path, data=changed, headers=PAGE)).status_code == 200
        refused = await ada.post(f"/exports/buckets/{bucket}/retire", headers=PAGE)
        assert "Daily goes into this bucket" in refused.text
        await ada.post(f"{path}/pause", headers=PAGE)
        assert "Paused since" in (await ada.get("/exports/schedules")).text
        await ada.post(f"{path}/resume", headers=PAGE)
        assert "Lake" in (await ada.get("/exports/schedules")).text
    async with office.sessions() as session:
        row = (await session.scalars(select(ExportSchedule))).one()
        lake = (await session.scalars(select(ExportBucket))).one()
    assert (row.hour, row.every, row.filters) == (7, "week", {"label": ["x"]})
    assert (str(row.bucket_id), row.paused_at, lake.prefix) == (bucket, None, "out/")
    async with browsing(strangers.ada) as zoe:
        for other in (path, f"/exports/buckets/{bucket}"):
            assert (await zoe.get(other)).status_code == 404
            assert (await zoe.post(f"{other}/retire", headers=PAGE)).status_code == 404
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get("/exports/buckets")).status_code == 403


async def test_the_export_of_a_report_is_about_its_days_and_limits_and_so_is_its_schedule(
    office: Office, browsing: Browsing
) -> None:
    support, line = office.brand.support, office.brand.line_id
    only = {SplitBy.skill: support, SplitBy.line: line, SplitBy.source: "text"}
    link = figures_link(Days(date(2026, 11, 2), date(2026, 11, 8)), SplitBy.agent, only)
    async with browsing(office.ada) as ada:
        page = unescape((await ada.get(link)).text)
        form = filled(page) | {"kind": "figures"}
        sent = await ada.post("/exports", data=form, headers=PAGE)
        assert sent.headers.get("HX-Redirect") == "/exports", sent.text
        [again] = re.findall(r'href="(/exports/schedules/new[^"]+)"', page)
        form = filled(unescape((await ada.get(again)).text)) | DAILY | {"kind": "figures"}
        made = await ada.post("/exports/schedules", data=form, headers=PAGE)
        assert made.headers.get("HX-Redirect") == "/exports/schedules", made.text
    limits = {"skill": support, "line": line, "source": "text"}
    async with office.sessions() as session:
        [export] = (await session.scalars(select(Export))).all()
        [schedule] = (await session.scalars(select(ExportSchedule))).all()
    assert export.report is not None
    assert {name: value for name, value in export.report.items() if value} == limits | {
        "first": "2026-11-02",
        "last": "2026-11-08",
        "by": "agent",
    }
    assert (schedule.report, schedule.split_by) == (limits, "agent")


async def test_a_form_of_a_schedule_of_figures_changes_its_limits_and_keeps_chosen_figures(
    office: Office, browsing: Browsing
) -> None:
    figures = {"kind": "figures", "by": "day", "only_skill": office.brand.support}
    async with browsing(office.ada) as ada:
        form = DAILY | figures | {"figure": ["handled", "closed"]}
        await ada.post("/exports/schedules", data=form, headers=PAGE)
        [path] = re.findall(
            r'href="(/exports/schedules/[0-9a-f-]{36})"', (await ada.get("/exports/schedules")).text
        )
        page = unescape((await ada.get(path)).text)
        assert "2 chosen figures" in page
        assert "It begins where the last file that arrived ended." in page
        form = filled(page) | {"only_skill": "", "only_agent": office.brand.ann.agent_id}
        changed = await ada.post(path, data=form | {"figure": ["handled", "closed"]}, headers=PAGE)
        assert changed.headers.get("HX-Redirect") == "/exports/schedules", changed.text
    async with office.sessions() as session:
        [row] = (await session.scalars(select(ExportSchedule.report))).all()
    assert row == {"agent": office.brand.ann.agent_id, "figures": ["handled", "closed"]}


async def test_a_form_of_a_schedule_whose_endpoint_and_column_are_retired_shows_and_keeps_them(
    office: Office, browsing: Browsing
) -> None:
    account_id = office.brand.account_id
    schedule = ExportSchedule(
        **{"id": uuid4(), "account_id": account_id, "name": "Daily", "kind": "conversations"},
        **{"format": "csv", "every": "day", "hour": 5, "filters": {}, "split_by": "day"},
        **{"columns": ["conversation_id", "field.loyalty"], "endpoint_id": "warehouse"},
    )
    async with office.sessions.begin() as session:
        of = {"account_id": account_id, "includes_texts": False, "read_to": 0, "secret": b"sealed"}
        told = {"id": "warehouse", "name": "Warehouse", "url": "https://example.com/in"}
        session.add(Endpoint(**of, **told, retired_at=datetime.now(UTC)))
        await session.flush()
        session.add(schedule)
    path = f"/exports/schedules/{schedule.id}"
    async with browsing(office.ada) as ada:
        assert "<bdi>Warehouse</bdi>" in (await ada.get("/exports/schedules")).text
        page = unescape((await ada.get(path)).text)
        assert re.search('value="warehouse" selected[^>]*>Warehouse .retired.<', page)
        saved = await ada.post(path, data=filled(page) | {"hour": "7"}, headers=PAGE)
        assert saved.headers.get("HX-Redirect") == "/exports/schedules", saved.text
        gone = await ada.post(path, data=filled(page) | {"endpoint": ""}, headers=PAGE)
        assert gone.headers.get("HX-Redirect") == "/exports/schedules", gone.text
        assert "Warehouse" not in (await ada.get(path)).text
        again = await ada.post(path, data=filled(page), headers=PAGE)
        assert "Warehouse is retired." in again.text, "it is none to choose"
    async with office.sessions() as session:
        row = await session.get_one(ExportSchedule, schedule.id)
    assert (row.columns, row.endpoint_id) == (["conversation_id", "field.loyalty"], None)
