"""The pages of sources: made, printed, changed and retired by an admin."""

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled


async def test_a_source_is_made_printed_changed_and_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    brand = office.brand
    new = {"name": "Poster", "line": brand.line_id, "skill": brand.sales, "keyword": "Spring"}
    async with browsing(office.ada) as ada:
        made = await ada.post("/admin/sources", data=new | {"first_text": ""}, headers=PAGE)
        address = made.headers["HX-Redirect"]
        page = (await ada.get(address)).text
        assert "?&amp;body=Spring" in page
        assert (await ada.get(f"{address}/qr.svg")).headers["content-type"] == "image/svg+xml"
        assert (await ada.get(f"{address}/qr.png")).content.startswith(b"\x89PNG")
        assert '<strong dir="auto">Spring</strong>' in (await ada.get(f"{address}/print")).text
        taken = await ada.post("/admin/sources", data=new | {"first_text": ""}, headers=PAGE)
        assert "counts for the source" in taken.text
        form = filled(page) | {"keyword": "Summer", "first_text": "Hello <b>"}
        await ada.post(address, data=form, headers=PAGE)
        changed = (await ada.get(address)).text
        assert '<q dir="auto">Summer Hello &lt;b&gt;</q>' in changed
        async with browsing(strangers.ada) as zoe:
            for path in (address, f"{address}/qr.svg", f"{address}/print"):
                assert (await zoe.get(path)).status_code == 404
        await ada.post(f"{address}/retire", data={}, headers=PAGE)
        assert address not in (await ada.get("/admin/sources")).text
        assert address in (await ada.get("/admin/sources?retired=true")).text
