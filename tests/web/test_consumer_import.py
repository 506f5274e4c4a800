"""The page that imports consumers from a file: checked first, then the same file again."""

from typing import Any

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing


async def test_the_page_imports_the_file_that_was_checked(
    office: Office, browsing: Browsing
) -> None:
    def form(content: str) -> Any:
        return {"file": ("list.csv", content.encode())}

    file = 'number,name\n+4915123456701,"<b>=1+1</b>"\n+49,x\n'
    async with browsing(office.brand.mia) as mia:
        assert "Import and export" in (await mia.get("/consumers")).text
        check = {"step": "check", "known": "kept"}
        page = await mia.post("/consumers/import", data=check, files=form(file), headers=PAGE)
        assert "1 would be new" in page.text
        assert "Line 3: The number is no phone number" in page.text
        digest = page.text.partition('name="checked" value="')[2].partition('"')[0]
        step = {"step": "import", "known": "kept", "checked": digest, "checked_known": "kept"}
        for other, files in ((step, form(file + "\n")), (step | {"known": "replaced"}, form(file))):
            refused = await mia.post("/consumers/import", data=other, files=files, headers=PAGE)
            assert refused.status_code == 422, refused.text
        listed = (await mia.get("/v1/consumers")).json()["items"]
        assert listed == []
        done = await mia.post("/consumers/import", data=step, files=form(file), headers=PAGE)
        assert "1 new, 0 changed" in done.text
        assert "'=" not in (await mia.get("/consumers/export.csv")).text
        nothing = await mia.post("/consumers/import", data=check, headers=PAGE)
        assert nothing.status_code == 422
    async with browsing(office.brand.ann) as ann:
        assert "Import and export" not in (await ann.get("/consumers")).text
        no = await ann.post("/consumers/import", data=check, files=form(file), headers=PAGE)
        assert no.status_code == 403
