"""The pages of saved replies: managers edit what is shared, agents their own."""

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing

PATH = "/admin/saved-replies"


async def test_a_manager_shares_one_and_an_agent_reads_it_and_makes_their_own(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    new = {"title": "Thanks <b>", "name": "Thanks", "language": "en", "text": "Thank you!"}
    async with browsing(office.brand.mia) as mia, browsing(office.brand.ann) as ann:
        made = await mia.post(PATH, data=new | {"is_shared": "yes"}, headers=PAGE)
        shared = made.headers["HX-Redirect"].partition("?")[0]
        assert "Thanks &lt;b&gt;" in (await mia.get(shared)).text
        read = (await ann.get(shared)).text
        assert "Thank you!" in read
        assert "<textarea" not in read
        refused = await ann.post(shared, data=new, headers=PAGE)
        assert "Only managers change saved replies that are shared" in refused.text
        own = (await ann.post(PATH, data=new, headers=PAGE)).headers["HX-Redirect"]
        own = own.partition("?")[0]
        assert (await mia.get(own)).status_code == 404
        listed = (await ann.get(PATH)).text
        assert listed.count("/thanks") == 2
        assert 'name="is_shared"' not in listed
        assert PATH in (await ann.get(own)).text
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.get(shared)).status_code == 404
        await ann.post(f"{own}/retire", data={}, headers=PAGE)
        assert (await ann.get(own)).status_code == 404


async def test_texts_skills_and_what_follows_are_edited_and_refused_with_a_sentence(
    office: Office, browsing: Browsing
) -> None:
    brand = office.brand
    new = {"title": "Bye", "name": "bye", "language": "en", "text": "Bye"}
    async with browsing(office.ada) as ada:
        label = await ada.post("/v1/labels", json={"name": "Done", "colour": "red"}, headers=PAGE)
        address = (await ada.post(PATH, data=new, headers=PAGE)).headers["HX-Redirect"]
        address = address.partition("?")[0]
        change = {
            "title": "Bye bye",
            "name": "bye",
            "language": ["en", "de"],
            "text": ["Bye {consumer_name}\r\nSee you", "Tschüss"],
            "skills": [brand.sales],
            "labels": [label.json()["id"]],
            "priority": "high",
            "then": f"transfer:skill:{brand.sales}",
        }
        assert (await ada.post(address, data=change, headers=PAGE)).headers["HX-Redirect"]
        page = (await ada.get(address)).text
        assert "Bye {consumer_name}\nSee you</textarea>" in page
        assert f'value="{brand.sales}" checked' in page
        assert f'value="{label.json()["id"]}" checked' in page
        assert 'value="high" selected' in page
        assert f'value="transfer:skill:{brand.sales}" selected' in page
        for wrong, said in (
            ({"text": ["Bye {nobody}", ""]}, "Unknown placeholder {nobody}"),
            ({"text": ["Bye", "Tschüss"], "language": ["en", ""]}, "Choose the language"),
            ({"text": ["", ""]}, "Text: "),
            ({"name": "two words"}, "A short name is one word"),
        ):
            refused = await ada.post(address, data=change | wrong, headers=PAGE)
            assert said in refused.text, refused.text
        reason = await ada.post("/v1/closing-reasons", json={"name": "Solved"}, headers=PAGE)
        given = f"close:{reason.json()['id']}"
        await ada.post(address, data=change | {"then": given}, headers=PAGE)
        assert f'value="{given}" selected' in (await ada.get(address)).text
        await ada.post(
            address, data=change | {"text": ["", "Tschüss"], "then": "close"}, headers=PAGE
        )
        page = (await ada.get(address)).text
        assert 'id="text-en"' not in page
        assert 'value="close" selected' in page
