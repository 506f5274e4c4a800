"""Tokens of programs, on a page for admins."""

import re

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing

NEW = {"name": "Order <system>", "role": "manager"}


async def test_an_admin_makes_a_token_with_scopes_changes_them_and_revokes_it(
    office: Office, browsing: Browsing
) -> None:
    scopes = ["settings:read", "conversations:read"]
    async with browsing(office.ada) as ada:
        form = NEW | {"limit": "scopes", "scopes": scopes}
        made = (await ada.post("/admin/tokens", data=form, headers=PAGE)).text
        found = re.search(r"swt_[\w-]+", made)
        assert found
        listed = (await ada.get("/admin/tokens")).text
        assert "Order &lt;system&gt;" in listed
        assert "Never" in listed
        assert found[0] not in listed
        assert all(f'<span class="chip">{scope}</span>' in listed for scope in scopes)
        async with office.calling(found[0]) as program:
            assert (await program.get("/v1/skills")).status_code == 200
            assert (await program.get("/v1/events")).status_code == 403

            [address] = re.findall(r'href="(/admin/tokens/token-[^"]+)"', listed)
            page = (await ada.get(address)).text
            assert len(re.findall(r'value="[a-z]+:[a-z]+" checked', page)) == 2
            saved = await ada.post(address, data={"limit": ""}, headers=PAGE)
            assert saved.headers["HX-Redirect"] == f"{address}?saved=true"
            assert (await program.get("/v1/conversations")).status_code == 200

            await ada.post(f"{address}/retire", headers=PAGE)
            assert (await program.get("/v1/skills")).status_code == 401
            assert (await ada.get(address)).status_code == 404


async def test_a_token_limited_to_nothing_or_to_the_unknown_is_refused(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        for scopes in ([], ["settings:delete"]):
            form = NEW | {"limit": "scopes", "scopes": scopes}
            refused = await ada.post("/admin/tokens", data=form, headers=PAGE)
            assert refused.status_code == 422
            assert "Scopes" in refused.text
        assert "There are none yet." in (await ada.get("/admin/tokens")).text


async def test_scopes_that_are_ticked_while_all_is_chosen_make_no_token_without_limits(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        form = NEW | {"limit": "", "scopes": ["settings:read"]}
        refused = await ada.post("/admin/tokens", data=form, headers=PAGE)
        assert refused.status_code == 422
        assert "Only what is ticked below" in refused.text
        assert "There are none yet." in (await ada.get("/admin/tokens")).text


async def test_without_scripts_a_new_token_is_shown_on_the_page(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        page = await ada.post(
            "/admin/tokens", data=NEW | {"limit": ""}, headers={"X-Switchboard": "1"}
        )
    assert "<h1>Tokens</h1>" in page.text
    assert re.search(r"swt_[\w-]+", page.text)
