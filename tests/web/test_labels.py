"""The pages of labels: made, changed and retired by an admin."""

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled


async def test_a_label_is_made_changed_and_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    new = {"name": "Refund <b>", "colour": "orange"}
    async with browsing(office.ada) as ada:
        made = await ada.post("/admin/labels", data=new, headers=PAGE)
        assert made.headers["HX-Redirect"] == "/admin/labels"
        page = (await ada.get("/admin/labels")).text
        assert '<span class="label orange"><bdi>Refund &lt;b&gt;</bdi></span>' in page
        taken = await ada.post("/admin/labels", data=new, headers=PAGE)
        assert "Name: There is already a label Refund &lt;b&gt;." in taken.text
        address = page.split('<a href="/admin/labels/')[1].split('"')[0]
        address = f"/admin/labels/{address}"
        form = filled((await ada.get(address)).text) | {"name": "Refund", "colour": "red"}
        saved = await ada.post(address, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{address}?saved=true"
        assert (await ada.post(address, data=form, headers=PAGE)).status_code == 409  # overtaken
        assert '<span class="label red"><bdi>Refund</bdi></span>' in (await ada.get(address)).text
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.get(address)).status_code == 404
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert "There are none yet." in (await ada.get("/admin/labels")).text
        assert "(retired)" in (await ada.get("/admin/labels?retired=true")).text
