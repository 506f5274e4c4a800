"""The pages of lines: their health, their settings, and what keeps one from being retired."""

from database.queries import line_refusals
from domain.numbers.kinds import Misdirected
from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled


async def test_a_line_shows_its_health_is_changed_and_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    address = f"/admin/lines/{office.brand.line_id}"
    async with browsing(office.ada) as ada:
        assert "Needs a look." not in (await ada.get("/admin/lines")).text
        async with office.sessions.begin() as session:
            await line_refusals.note(session, office.brand.line_id, Misdirected.unknown_number)
        assert "Needs a look." in (await ada.get("/admin/lines")).text
        page = (await ada.get(address)).text
        assert "1 text came to this line&#39;s address by mistake" in page.replace("'", "&#39;")
        form = filled(page) | {
            "name": "Returns <b>",
            "keyword": ["Refund", ""],
            "keyword_skill": [office.brand.sales, ""],
        }
        saved = await ada.post(address, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{address}?saved=true"
        page = (await ada.get(address)).text
        assert "<bdi>Returns &lt;b&gt;</bdi>" in page
        assert 'value="refund"' in page
        assert (await ada.post(address, data=form, headers=PAGE)).status_code == 409  # overtaken
        half = filled(page) | {"keyword": ["Fix"], "keyword_skill": [""]}
        refused = await ada.post(address, data=half, headers=PAGE)
        assert "give each keyword a skill" in refused.text
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.get(address)).status_code == 404
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert "There are none yet." in (await ada.get("/admin/lines")).text
        assert "(retired)" in (await ada.get("/admin/lines?retired=true")).text
        assert "its texts are refused" in (await ada.get(address)).text
