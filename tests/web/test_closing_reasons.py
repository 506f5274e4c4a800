"""The pages of closing reasons: made, changed and retired by an admin."""

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

PATH = "/admin/closing-reasons"


async def test_a_closing_reason_is_made_changed_and_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.ada) as ada:
        made = await ada.post(PATH, data={"name": "Solved <b>"}, headers=PAGE)
        assert made.headers["HX-Redirect"] == PATH
        page = (await ada.get(PATH)).text
        assert "Solved &lt;b&gt;" in page
        taken = await ada.post(PATH, data={"name": "solved <b>"}, headers=PAGE)
        assert "Name: There is already a closing reason Solved &lt;b&gt;." in taken.text
        address = f"{PATH}/" + page.split(f'<a href="{PATH}/')[1].split('"')[0]
        form = filled((await ada.get(address)).text)
        form |= {"name": "Solved", "skills": [office.brand.sales]}
        saved = await ada.post(address, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{address}?saved=true"
        assert (await ada.post(address, data=form, headers=PAGE)).status_code == 409  # overtaken
        assert "<td><bdi>Sales</bdi></td>" in (await ada.get(PATH)).text
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.get(address)).status_code == 404

        skill = f"/admin/skills/{office.brand.sales}"
        needing = filled((await ada.get(skill)).text) | {"needs_closing_reason": "yes"}
        await ada.post(skill, data=needing, headers=PAGE)
        assert "Needed to close conversations of" in (await ada.get(PATH)).text
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert "There are none yet." in (await ada.get(PATH)).text
        assert "(retired)" in (await ada.get(f"{PATH}?retired=true")).text
