"""The page of the whole configuration: a file is downloaded, looked at and applied."""

from tests.api.conftest import Office
from tests.services.brand_files import SECRETS
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

FILE = """\
version: 1
labels:
  - name: <b>Grüße
    colour: red
connectors:
  - {name: Second, provider: twilio}
"""


async def test_a_file_is_shown_before_it_is_applied_and_credentials_are_asked_for(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        assert "Show what it would change" in (await ada.get("/admin/configuration")).text
        saved = await ada.get("/admin/configuration/export")
        assert saved.headers["content-disposition"].endswith('.yaml"')
        file = {"file": ("brand.yaml", FILE.replace("\n", "\r\n").encode())}
        shown = await ada.post("/admin/configuration/plan", files=file, headers=PAGE)
        assert "2 changes" in shown.text
        assert "&lt;b&gt;Grüße" in shown.text
        assert "connector Twilio" in shown.text, "it is not in the file, and stays"
        assert 'type="password"' in shown.text
        form = filled(shown.text) | {
            f"credential-0-{name}": value for name, value in SECRETS["Twilio"].items()
        }
        form["text"] = FILE.replace("\n", "\r\n")
        done = await ada.post("/admin/configuration/apply", data=form, headers=PAGE)
        assert "2 changes were made" in done.text, done.text
        late = await ada.post("/admin/configuration/apply", data=form, headers=PAGE)
        assert "plan is out of date" in late.text
        assert late.status_code == 409
        assert "Nothing to do" in late.text, "the plan of now is shown beside it"
        other = FILE.replace("red", "blue").replace("Second", "Third")
        shown = await ada.post("/admin/configuration/plan", data={"text": other}, headers=PAGE)
        form = filled(shown.text)
        form["text"] = f"{other}"
        without = await ada.post("/admin/configuration/apply", data=form, headers=PAGE)
        assert without.status_code == 422
        assert "credentials of the connector Third are not given" in without.text
        assert 'type="password"' in without.text, "they can be given now"
        again = await ada.post("/admin/configuration/plan", files=file, headers=PAGE)
        assert "Nothing to do" in again.text
        for bad, sentence in (
            (b"version: 1\nlabel: []", "Did you mean <bdi>labels</bdi>?"),
            (b"\xff\xfe", "This is not UTF-8"),
            (b"", "The file has no sections"),
        ):
            told = await ada.post(
                "/admin/configuration/plan", files={"file": ("a.yaml", bad)}, headers=PAGE
            )
            assert sentence in told.text, told.text
        large = FILE.replace("red", "blue") + "# äöü\n" * 200_000
        shown = await ada.post(
            "/admin/configuration/plan", files={"text": (None, large)}, headers=PAGE
        )
        form = filled(shown.text) | {"text": large}
        done = await ada.post("/admin/configuration/apply", data=form, headers=PAGE)
        assert "1 change was made" in done.text, "1.8 MB stand in a field"
        larger = {"file": ("brand.yaml", large.encode() * 2)}
        told = await ada.post("/admin/configuration/plan", files=larger, headers=PAGE)
        assert "larger than 2 MB" in told.text
        nothing = await ada.post("/admin/configuration/plan", data={"text": ""}, headers=PAGE)
        assert "Choose a file first" in nothing.text
    async with browsing(office.brand.mia) as mia:
        assert (await mia.get("/admin/configuration")).status_code == 403
        assert (await mia.get("/admin/configuration/export")).status_code == 403
