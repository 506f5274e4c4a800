"""The pages of phone calls: a menu is made, played before it is saved, and kept in versions."""

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing

TYPED = "Press 1 & we text you as {brand}."


async def test_a_menu_is_played_with_unsaved_words_then_saved_as_a_version(
    office: Office, browsing: Browsing
) -> None:
    line = office.brand.line_id
    async with browsing(office.ada) as ada:
        made = await ada.post("/admin/calls", data={"name": "Hotline", "line": line}, headers=PAGE)
        path = made.headers["HX-Redirect"]
        page = (await ada.get(path)).text
        assert "All our agents are busy" in page
        form = {
            "name": "Hotline",
            "line": line,
            "skill": "",
            "numbers": "+15550100009, +1 555 010 0008",
            "look_back_seconds": "2 days",
            "language": "en",
            "languages": ["es"],
            "kind": "dial",
            "dial_to": "+1 555 010 0077".replace(" ", ""),
            "ring_seconds": "30",
            "text-en-offer": TYPED,
        }
        played = await ada.post(f"{path}/play", data=form | {"act": "2"}, headers=PAGE)
        assert "Press 1 &amp; we text you as Brand." in played.text
        assert "put through to +15550100077" in played.text
        texted = await ada.post(f"{path}/play", data=form | {"acts": "4", "act": "1"}, headers=PAGE)
        assert "Gracias por llamar" in texted.text
        stopped = form | {"caller": "opted_out", "acts": "9 x", "act": "1"}
        played = await ada.post(f"{path}/play", data=stopped, headers=PAGE)
        assert "All our agents" not in played.text
        saved = await ada.post(path, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{path}?saved=true"
        page = (await ada.get(path)).text
        assert "Version 2" in page
        assert "+15550100008, +15550100009" in page
        first = (await ada.get(f"{path}/versions?version=1")).text
        assert "All our agents are busy" in first


async def test_what_no_menu_can_be_is_refused_at_the_form(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        data = {"name": "Hotline", "line": office.brand.line_id}
        path = (await ada.post("/admin/calls", data=data, headers=PAGE)).headers["HX-Redirect"]
        form = data | {"language": "en", "kind": "queue", "look_back_seconds": "2 days"}
        wrong = {
            "look_back_seconds": "30 min",
            "numbers": "12",
            "line": "no-line",
            "language": "xx",
            "kind": "pass_on",
            "offer_after_seconds": "ten",
            "text-en-offer": "Hello {name}",
        }
        for name, value in wrong.items():
            refused = await ada.post(path, data=form | {name: value}, headers=PAGE)
            assert 400 <= refused.status_code < 500, (name, refused.text)
            assert "HX-Redirect" not in refused.headers
        page = (await ada.get(path)).text
        assert "Version 1." in page, page[page.index("<h1>") :][:500]


async def test_a_mistake_in_a_menu_is_told_with_the_label_of_its_field(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        data = {"name": "Hotline", "line": office.brand.line_id}
        path = (await ada.post("/admin/calls", data=data, headers=PAGE)).headers["HX-Redirect"]
        mistakes = {
            "Phone numbers: “abc” is no number": {"numbers": "+15550100007, abc"},
            "Put through: number or SIP address: ": {"kind": "dial", "dial_to": "the desk"},
        }
        for sentence, wrong in mistakes.items():
            form = data | {"language": "en"} | wrong
            refused = await ada.post(path, data=form, headers=PAGE)
            assert refused.status_code == 422
            assert sentence in refused.text
