"""A scheduled export from its time to the file that the posted link downloads."""

from dataclasses import replace
from uuid import UUID

import httpx2
from sqlalchemy import select

from database.tables import Export, ExportSchedule
from domain.conversation.kinds import EventKind
from domain.exporting.spans import Every
from outgoing.signed_posts import SignedPosts
from security.export_links import ExportLinks
from security.secrets import Keyring, Purpose
from tests.api.conftest import Office
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.receiver import receiver
from tests.outgoing.posting import LOOPBACK, Posting
from workflows.exports.schedules import ExportPlan, schedule


async def test_a_schedule_fires_and_its_link_downloads_the_file_and_it_is_changed(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    links = ExportLinks(office.url, Keyring.parse(ENCRYPTION_KEYS).signing_keys(Purpose.file_links))
    async with SignedPosts([LOOPBACK]) as posts, receiver() as there:
        posting = Posting(office.brand, office.sessions, posts, there)
        secret = await posting.create(kinds=[EventKind.export_ready])
        new = {"name": "Texts", "kind": "messages", "every": "day", "columns": ["text"]}
        new |= {"endpoint": posting.endpoint_id}
        made = (await as_ada.post("/v1/export-schedules", json=new)).json()
        plan = ExportPlan(UUID(made["id"]), Every.day, 5, "Europe/Berlin")
        await schedule(centre.client, centre.conversations.task_queue, plan)
        handle = centre.client.get_schedule_handle(plan.id)
        await handle.trigger()

        async def told() -> Export | None:
            async with office.sessions() as session:
                query = select(Export).where(Export.schedule_id == plan.schedule_id)
                found = (await session.scalars(query)).one_or_none()
            return found if found and found.is_told else None

        assert await eventually(told)
        await handle.delete()
        await replace(posting.runs, links=links).run(posting.endpoint_id, lambda: False)
        [post] = there.posts
    post.verify(secret)
    assert post.json["type"] == "export_ready"
    async with office.calling() as anybody:
        file = await anybody.get(post.json["data"]["details"]["url"])
        assert file.content.decode("utf-8-sig").splitlines()[0] == "text"
        assert (await anybody.get(f"{post.json['data']['details']['url']}x")).status_code == 404
        await _goes_on_where_it_was_interrupted(anybody, post.json["data"]["details"]["url"])
    export = f"/v1/exports/{post.json['data']['details']['export_id']}/file"
    await _goes_on_where_it_was_interrupted(as_ada, export)

    path = f"/v1/export-schedules/{made['id']}"
    change = {"every": "week", "hour": 7, "filters": {"label": ["x"]}, "is_paused": True}
    changed = (await as_ada.patch(path, json=change)).json()
    now_known = dict.fromkeys(["ran_at", "reached_at", "failure", "paused_at"])
    assert changed | now_known == made | {
        **{"every": "week", "hour": 7, "filters": {"label": ["x"]}},
    }
    assert changed["paused_at"]
    for wrong, status in (
        ({"hour": None}, 422),
        ({"columns": ["colour"]}, 422),
        ({"filters": {"opened_days": 3}}, 422),
        ({"bucket": made["id"]}, 404),
    ):
        assert (await as_ada.patch(path, json=wrong)).status_code == status, wrong
    resumed = (await as_ada.patch(path, json={"is_paused": False, "endpoint": None})).json()
    assert (resumed["paused_at"], resumed["endpoint_id"], resumed["hour"]) == (None, None, 7)


async def _goes_on_where_it_was_interrupted(client: httpx2.AsyncClient, url: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    whole = await client.get(url, headers=plain)
    tag, size = whole.headers["ETag"], len(whole.content)
    assert (whole.headers["Accept-Ranges"], whole.headers["Content-Length"]) == ("bytes", str(size))
    rest = await client.get(url, headers={"Range": "bytes=4-", "If-Range": tag})
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 4-{size - 1}/{size}"
    assert "Content-Encoding" not in rest.headers
    assert whole.content[:4] + rest.content == whole.content
    another = await client.get(url, headers=plain | {"Range": "bytes=4-", "If-Range": '"other"'})
    assert (another.status_code, another.content) == (200, whole.content)
    behind = await client.get(url, headers={"Range": f"bytes={size}-"})
    assert behind.status_code == 416
    assert behind.headers["Content-Range"] == f"bytes */{size}"


async def test_whom_a_schedule_asked_for_is_forgotten_when_it_is_retired(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    filters = {"name": "Jane Roe", "q": "bankruptcy", "label": ["refund"]}
    new = {"name": "Texts", "kind": "messages", "every": "day", "filters": filters}
    made = (await as_ada.post("/v1/export-schedules", json=new)).json()
    assert made["filters"] == filters
    retired = await as_ada.delete(f"/v1/export-schedules/{made['id']}")
    assert retired.status_code == 204
    async with office.sessions() as session:
        [row] = await session.scalars(select(ExportSchedule))
    assert row.filters == {"label": ["refund"]}
    log = (await as_ada.get("/v1/audit/export")).text
    assert "Jane" not in log
    assert "bankruptcy" not in log
