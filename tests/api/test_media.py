"""Files of conversations: seen by those who see the conversation, and pictures to consumers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from activities.maintenance import sweep_files
from database.tables import Connector, MediaFile
from media.keys import key_of, thumbnail_key
from media.opening import create_store
from media.pictures import write_again
from security.links import VALID_FOR, FileLinks
from security.secrets import Keyring, Purpose
from settings import Settings
from tests.api.conftest import Office
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.file_host import picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LINKS = FileLinks("", Keyring.parse(ENCRYPTION_KEYS).signing_keys(Purpose.file_links))


async def received(centre: Centre, **fields: object) -> UUID:
    """Let a consumer's text with a file arrive; returns the file's id."""
    file_id = uuid4()
    ref = {"url": "https://m/1", "content_type": "image/jpeg", "file_id": str(file_id)}
    message_id = await centre.text("Look", media=[ref])
    row = {
        "id": file_id,
        "account_id": centre.brand.account_id,
        "message_id": UUID(message_id),
        "connector_id": f"{centre.brand.account_id}-twilio",
        "url": "https://m/1",
        "announced_type": "image/jpeg",
        "state": "pending",
    }
    async with centre.sessions.begin() as session:
        await session.execute(insert(MediaFile).values(row | fields))
    store = create_store(centre.settings.media)
    written = write_again(picture(size=(900, 600)))
    await store.put(key_of(centre.brand.account_id, file_id), written.data)
    await store.put(thumbnail_key(centre.brand.account_id, file_id), written.thumbnail)
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return file_id


STORED = {
    "state": "stored",
    "content_type": "image/jpeg",
    "ending": "jpg",
    "size": 9,
    "width": 900,
    "height": 600,
    "thumbnail_type": "image/jpeg",
}


async def shown(client: httpx2.AsyncClient, centre: Centre) -> dict[str, object]:
    """Return the file of the transcript's first message."""
    path = f"/v1/conversations/{(await centre.conversation()).id}/transcript"
    [file] = (await client.get(path)).json()["items"][0]["media"]
    return dict(file)


async def test_a_picture_is_seen_by_those_who_see_the_conversation(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient, strangers: Office
) -> None:
    file_id = await received(centre, **STORED)
    file = await shown(as_ann, centre)
    assert (file["state"], file["width"], file["url"]) == ("stored", 900, f"/v1/media/{file_id}")
    for path in (file["url"], file["thumbnail_url"]):
        answer = await as_ann.get(str(path))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for nobody in (office.person(office.brand.ben), strangers.person(strangers.ada)):
            async with nobody as client:
                assert (await client.get(str(path))).status_code == 404
        async with office.calling() as client:
            assert (await client.get(str(path))).status_code == 401


async def test_what_is_no_picture_is_only_downloaded(
    centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    kind = {"content_type": "text/html", "ending": "bin", "thumbnail_type": None}
    file_id = await received(centre, **STORED | kind)
    answer = await as_ann.get(f"/v1/media/{file_id}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file_id}.bin"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (await as_ann.get(f"/v1/media/{file_id}/thumbnail")).status_code == 409


async def test_a_failed_file_says_why_and_is_fetched_again_on_demand(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient
) -> None:
    why = {"failure_code": "not_there", "failure_sentence": "The provider does not have it (404)."}
    file_id = await received(centre, state="failed", tries=8, **why)
    file = await shown(as_ann, centre)
    assert (file["state"], file["failure_sentence"]) == ("failed", why["failure_sentence"])
    assert (await as_ann.get(f"/v1/media/{file_id}")).json()["code"] == "file_not_there"
    async with office.person(office.brand.ben) as client:
        assert (await client.post(f"/v1/media/{file_id}/fetch")).status_code == 404
    assert (await as_ann.post(f"/v1/media/{file_id}/fetch")).status_code == 204
    assert (await shown(as_ann, centre))["state"] == "pending"
    assert "file_changed" in [event.kind for event in await centre.events()]
    async with centre.sessions() as session:
        row = (await session.scalars(select(MediaFile))).one()
    assert (row.tries, row.try_at is not None) == (0, True)


async def opened(centre: Centre, office: Office) -> str:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def test_a_picture_is_sent_by_a_link_that_only_opens_it(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient
) -> None:
    path = await opened(centre, office)
    answer = await as_ann.post(f"{path}/media", content=picture("PNG"))
    assert answer.status_code == 201, answer.text
    file = answer.json()
    sent = {"text": "", "media": [file["id"]]}
    keyed = {"Idempotency-Key": "once"}
    done = [await as_ann.post(f"{path}/replies", json=sent, headers=keyed) for _ in range(2)]
    assert [one.status_code for one in done] == [201, 201]
    assert done[0].json() == done[1].json()

    async def at_the_provider() -> list[tuple[str, tuple[str, ...]]]:
        kept = centre.carrier.state.carrier.messages.newest_first(lambda one: bool(one.media))
        return [(one.body, one.media) for one in kept]

    [(body, [link])] = await eventually(at_the_provider)
    assert body == ""
    assert link.startswith(f"http://api.test/files/{file['id']}/")
    here = link.removeprefix("http://api.test")
    async with office.calling() as anybody:
        fetched = await anybody.get(here)
        assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "image/png")
        assert (await anybody.head(here)).status_code == 200
        another = "0" if here[-1] != "0" else "1"
        other_file = here.replace(file["id"], str(uuid4()))
        for forged in (here[:-1] + another, here.replace("/files/", "/files/x"), other_file):
            assert (await anybody.get(forged)).status_code == 404
        long_ago = datetime.now(UTC) - VALID_FOR - timedelta(seconds=2)
        assert (await anybody.get(LINKS.link(UUID(file["id"]), long_ago))).status_code == 404

    async def in_the_transcript() -> bool:
        items = (await as_ann.get(f"{path}/transcript")).json()["items"]
        return [one["id"] for item in items for one in item["media"]] == [file["id"]]

    assert await in_the_transcript()
    assert (await centre.conversation()).last_text == "Picture"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (SVG, 422),
        (b"<html>", 422),
        (picture("WEBP"), 422),
        (picture()[:100], 422),
        (b"x" * 5_000_001, 413),
    ],
)
async def test_what_is_no_picture_to_send_is_refused(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient, body: bytes, status: int
) -> None:
    path = await opened(centre, office)
    headers = {"Content-Type": "image/jpeg"}
    answer = await as_ann.post(f"{path}/media", content=body, headers=headers)
    assert (answer.status_code, "detail" in answer.json()) == (status, True)


async def test_a_picture_above_the_limit_is_refused_with_the_limit(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient
) -> None:
    path = await opened(centre, office)
    answer = await as_ann.post(f"{path}/media", content=b"x" * 5_000_001)
    assert answer.json()["detail"] == "A picture may have at most 5 MB. Send a smaller one."


async def test_a_picture_is_sent_in_its_own_conversation_alone(
    centre: Centre, as_ann: httpx2.AsyncClient, strangers: Office
) -> None:
    consumers = await received(centre, **STORED)
    path = f"/v1/conversations/{(await centre.conversation()).id}"
    async with strangers.person(strangers.ada) as client:
        assert (await client.post(f"{path}/media", content=picture())).status_code == 404
    answer = await as_ann.post(f"{path}/replies", json={"text": "", "media": [str(uuid4())]})
    assert answer.status_code == 404
    answer = await as_ann.post(f"{path}/replies", json={"text": "", "media": [str(consumers)]})
    assert answer.status_code == 404
    assert (await as_ann.post(f"{path}/replies", json={"text": ""})).status_code == 422


async def test_a_provider_without_pictures_gets_none(
    centre: Centre, office: Office, as_ann: httpx2.AsyncClient
) -> None:
    path = await opened(centre, office)
    async with centre.sessions.begin() as session:
        for connector in await session.scalars(select(Connector)):
            connector.provider = "unheard-of"
    answer = await as_ann.post(f"{path}/media", content=picture())
    assert (answer.status_code, answer.json()["code"]) == (409, "pictures_not_possible")


async def test_files_that_no_text_names_are_swept(
    centre: Centre,
    office: Office,
    as_ann: httpx2.AsyncClient,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = await opened(centre, office)
    store = create_store(settings.media)
    ids = [(await as_ann.post(f"{path}/media", content=picture())).json()["id"] for _ in range(2)]
    await as_ann.post(f"{path}/replies", json={"text": "Here", "media": ids[:1]})
    await store.put("acme/ab/not-ours", b"another's")
    await store.put(f"acme/ab/{uuid4()}", b"nobody's")
    monkeypatch.setattr("activities.maintenance.UNUSED_FOR", timedelta(seconds=-5))
    await sweep_files(centre.sessions, store)
    later = datetime.now(UTC) + timedelta(hours=1)
    left = {key.rpartition("/")[2] async for page in store.older_than(later) for key in page}
    assert left == {ids[0], f"{ids[0]}.thumbnail", "not-ours"}
