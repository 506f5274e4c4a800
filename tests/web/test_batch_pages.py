"""The pages of batches: a draft is changed, copied, and a page that watches notices the end."""

import re

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing

TEXT = "Hallo {Vorname}, {brand} hat Größe {groesse}!"


def _form(office: Office, **more: str) -> dict[str, str]:
    fixed = {"title": "Herbst", "line": office.brand.line_id, "text": TEXT}
    return fixed | {"look_back_seconds": "2 days", "reference": "קייס-77"} | more


async def test_a_draft_with_a_mistake_in_its_text_is_changed_and_leaves_no_second_draft(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia:
        made = await mia.post("/batches", data=_form(office), headers=PAGE)
        path = made.headers["HX-Redirect"]
        [link] = re.findall(r'href="(/batches\?of=[^"]+changes=true)', (await mia.get(path)).text)
        page = (await mia.get(link.replace("&amp;", "&"))).text
        assert TEXT in page
        assert 'value="2 days"' in page
        assert 'value="קייס-77"' in page
        [replaced] = re.findall(r'name="replaces" value="([^"]+)"', page)
        better = _form(office, text=TEXT.replace("oe", "ö"), replaces=replaced)
        changed = await mia.post("/batches", data=better, headers=PAGE)
        assert changed.headers["HX-Redirect"] not in (path, None)
        assert "<strong>Cancelled</strong>" in (await mia.get(path)).text
        again = await mia.post("/batches", data=better, headers=PAGE)
        assert again.status_code == 409
        for unknown in ("no-id", "00000000-0000-0000-0000-000000000000"):
            refused = await mia.post("/batches", data=_form(office, replaces=unknown), headers=PAGE)
            assert refused.status_code in (404, 422)
        assert (await mia.get("/batches")).text.count(">Herbst</a>") == 2


async def test_a_copy_begins_with_all_options_and_leaves_the_batch_alone(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia:
        form = _form(office, send_from="2027-05-03T10:00", window_from="09:00")
        path = (await mia.post("/batches", data=form, headers=PAGE)).headers["HX-Redirect"]
        page = (await mia.get(f"/batches?of={path.rsplit('/', 1)[1]}")).text
        assert 'value="2027-05-03T10:00"' in page
        assert 'value="09:00"' in page
        assert 'name="replaces"' not in page
        assert "Cancelled" not in (await mia.get(path)).text


async def test_a_page_that_watches_a_batch_is_loaded_again_when_it_no_longer_sends(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia:
        path = (await mia.post("/batches", data=_form(office), headers=PAGE)).headers["HX-Redirect"]
        await mia.post(f"{path}/cancel", headers=PAGE)
        watched = await mia.get(f"{path}/progress", headers=PAGE)
    assert watched.headers["HX-Refresh"] == "true"
