"""Files on a conversation's page: pictures, downloads, and what could not be fetched."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.dialects.postgresql import insert

from database.tables import MediaFile
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import Browsing
from tests.web.test_live import Stream

PRESSED = {"HX-Request": "true", "X-Switchboard": "1"}
FILES: dict[str, dict[str, object]] = {
    "picture": {
        "state": "stored",
        "content_type": "image/jpeg",
        "thumbnail_type": "image/jpeg",
        "width": 90,
        "height": 60,
        "size": 340_000,
    },
    "paper": {"state": "stored", "content_type": "application/pdf", "size": 1_240_000},
    "lost": {
        "state": "failed",
        "failure_code": "not_there",
        "failure_sentence": "The provider does not have it (404).",
    },
    "coming": {"state": "pending"},
}


@pytest.fixture
async def files(centre: Centre, office: Office) -> dict[str, UUID]:
    """A text with four files, in a conversation that Ann holds."""
    ids = {name: uuid4() for name in FILES}
    refs = [
        {"url": "https://m/1", "content_type": "image/jpeg", "file_id": str(one)}
        for one in ids.values()
    ]
    message_id = UUID(await centre.text("", media=refs))
    common: dict[str, object] = {
        "account_id": centre.brand.account_id,
        "message_id": message_id,
        "announced_type": "image/jpeg",
    }
    async with centre.sessions.begin() as session:
        for name, fields in FILES.items():
            row = common | {"id": ids[name]} | fields
            await session.execute(insert(MediaFile).values(**row))
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return ids


async def test_a_page_shows_each_file_as_what_it_is(
    browsing: Browsing, office: Office, centre: Centre, files: dict[str, UUID]
) -> None:
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get(f"/workspace/{(await centre.conversation()).id}")).text
    assert f'<img src="/v1/media/{files["picture"]}/thumbnail" alt="Picture 1"' in page
    assert f'<a href="/v1/media/{files["paper"]}" download>File 2</a>' in page
    assert "application/pdf, 1.2 MB" in page
    assert "Picture 3 could not be fetched. The provider does not have it (404)." in page
    assert f'action="/workspace/files/{files["lost"]}/fetch"' in page
    assert "Picture 4 is being fetched from the provider." in page
    assert "https://m/1" not in page


async def test_a_file_is_fetched_again_by_a_button_and_open_pages_show_it(
    browsing: Browsing, office: Office, centre: Centre, files: dict[str, UUID]
) -> None:
    live = f"/workspace/live?view=mine&conversation={(await centre.conversation()).id}"
    button = f"/workspace/files/{files['lost']}/fetch"
    async with browsing(office.brand.ann) as ann, ann.stream("GET", live) as answer:
        stream = Stream(answer)
        await stream.until("")
        pressed = await ann.post(button, headers=PRESSED)
        assert pressed.status_code == 204
        came = await stream.until("data-position")
    assert "Picture 3 is being fetched from the provider." in came
    async with browsing(office.brand.ben) as ben:
        assert (await ben.post(button, headers=PRESSED)).status_code == 404
