"""Files on a conversation's page: pictures, downloads, and what could not be fetched."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.dialects.postgresql import insert

from api.schemas.media import MediaOut
from database.tables import MediaFile
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.at_the_workspace import SCRIPT, entries, following
from tests.web.conftest import Browsing
from web.transcripts import wire as transcripts

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


async def test_a_transcript_shows_each_file_as_what_it_is(
    browsing: Browsing, office: Office, centre: Centre, files: dict[str, UUID]
) -> None:
    async with browsing(office.brand.ann) as ann:
        shown = await entries(ann, (await centre.conversation()).id)
    picture, paper, lost, coming = pictured(shown)
    assert picture.thumbnail_url == f"/v1/media/{files['picture']}/thumbnail"
    assert (paper.thumbnail_url, paper.content_type) == (None, "application/pdf")
    assert lost.failure_sentence == "The provider does not have it (404)."
    assert (coming.state, coming.url) == ("pending", None)
    assert "https://m/1" not in shown.model_dump_json()


def pictured(part: transcripts.Entries) -> list[MediaOut]:
    """Return the files of a part of a transcript."""
    return [file for one in part.entries if one.message for file in one.message.media]


async def test_a_file_is_fetched_again_by_a_button_and_open_pages_show_it(
    browsing: Browsing, office: Office, centre: Centre, files: dict[str, UUID]
) -> None:
    place = f"view=mine&conversation={(await centre.conversation()).id}"
    button = f"/v1/media/{files['lost']}/fetch"
    async with browsing(office.brand.ann) as ann, following(ann, place) as stream:
        await stream.begins()
        assert (await ann.post(button, headers=SCRIPT)).status_code == 204
        came = (await stream.words('"media":[{'))[-1]
    assert isinstance(came, transcripts.Entries)
    assert pictured(came)[2].state == "pending"
    async with browsing(office.brand.ben) as ben:
        assert (await ben.post(button, headers=SCRIPT)).status_code == 404
