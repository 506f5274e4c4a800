"""Opting out on the page: the hint about a wish in free words, the button, and keywords."""

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import pytest

from database.tables import Conversation
from domain.consent.keywords import OPTIONAL
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.at_the_workspace import SCRIPT, give, held, opened, told
from tests.web.conftest import PAGE, Browsing


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        yield client


async def opt_out(client: httpx2.AsyncClient, consumer: UUID) -> httpx2.Response:
    """Opt a consumer out, as the button does."""
    return await client.post(f"/v1/consumers/{consumer}/opt-out", headers=SCRIPT)


async def test_a_wish_in_free_words_is_flagged_and_the_button_opts_out(
    ann: httpx2.AsyncClient, centre: Centre
) -> None:
    id_ = await held(centre, "please leave me alone", wish=True)
    shown = await opened(ann, id_)
    assert shown.row.opt_out_wished_at
    assert shown.rights.may_opt_out
    assert any("The consumer seems to want no more texts" in one for one in await told(ann, id_))
    assert (await opt_out(ann, shown.consumer.id)).is_success
    row = await centre.when("closed")
    assert (row.close_reason, row.survey_outcome) == ("opt_out", None)
    shown = await opened(ann, id_)
    assert (shown.consumer.is_opted_out, shown.rights.may_opt_out) == (True, False)


async def test_a_text_like_any_other_is_not_flagged_but_the_button_is_there(
    ann: httpx2.AsyncClient, centre: Centre
) -> None:
    shown = await opened(ann, await held(centre, "please leave it at my door"))
    assert (shown.row.opt_out_wished_at, shown.rights.may_opt_out) == (None, True)


async def test_a_text_of_somebody_opted_out_is_not_shown_as_an_answer_to_a_survey(
    ann: httpx2.AsyncClient, browsing: Browsing, centre: Centre, office: Office
) -> None:
    id_ = await held(centre, wish=True)
    await opt_out(ann, (await opened(ann, id_)).consumer.id)
    await centre.when("closed")
    await centre.text("Are you there?")

    async def next_one() -> list[Conversation]:
        return (await centre.all_conversations())[1:]

    [later] = await eventually(next_one)
    assert later.status == "closed"
    async with browsing(office.brand.mia) as mia:
        shown = await told(mia, later.id)
    assert "Are you there?" in shown
    assert "Survey" not in "".join(shown)


async def test_nobody_opts_out_whom_they_do_not_see(
    browsing: Browsing, centre: Centre, office: Office
) -> None:
    await held(centre, wish=True)
    async with browsing(office.brand.ben) as ben:
        consumer = (await centre.conversation()).consumer_id
        assert (await opt_out(ben, consumer)).status_code == 404
    assert (await centre.conversation()).status == "assigned"


async def test_an_admin_sets_keywords_on_the_accounts_page(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        page = (await ada.get("/admin/consent")).text
        assert "CANCELAR" in page
        on = sorted(OPTIONAL - {"cancelar"})
        form = {"stop": "Enough\r\n\r\nno more", "start": "", "help": "soporte", "on": on}
        saved = await ada.post("/admin/consent/keywords", data=form, headers=PAGE)
        assert saved.status_code < 400
        page = (await ada.get("/admin/consent")).text
        assert "enough\nno more</textarea>" in page
        cancelar = re.findall(r'<input[^>]*value="cancelar"[^>]*>', page)
        assert cancelar
        assert not any("checked" in one for one in cancelar)
        refused = await ada.post("/admin/consent/keywords", data=form | {"help": "5"}, headers=PAGE)
        assert refused.status_code == 422
        assert "The keyword 5 needs at least two letters." in refused.text


async def test_a_flag_that_was_no_wish_goes_away_with_one_click(
    ann: httpx2.AsyncClient, centre: Centre
) -> None:
    id_ = await held(centre, wish=True)
    assert (await give(ann, id_, "dismiss-wish")).is_success
    assert (await opened(ann, id_)).row.opt_out_wished_at is None
    assert "Ann says that this is no wish to opt out" in await told(ann, id_)


async def test_a_manager_blocks_and_unblocks_with_a_reason_that_agents_see(
    ann: httpx2.AsyncClient, browsing: Browsing, centre: Centre, office: Office
) -> None:
    id_ = await held(centre)
    shown = await opened(ann, id_)
    assert not shown.rights.may_block
    path = f"/v1/consumers/{shown.consumer.id}/block"
    async with browsing(office.brand.mia) as mia:
        assert (await opened(mia, id_)).rights.may_block
        await mia.put(path, json={"reason": "Sends threats"}, headers=SCRIPT)
        await centre.when("closed")
        shown = await opened(ann, id_)
        assert (shown.consumer.blocked_reason, shown.rights.may_resume) == ("Sends threats", False)
        assert "Closed: a manager blocked the consumer" in await told(ann, id_)
        await mia.delete(path, headers=SCRIPT)
    assert (await opened(ann, id_)).consumer.blocked_at is None


async def test_admins_download_the_ledger_and_import_a_file_on_the_page(
    browsing: Browsing, centre: Centre, office: Office
) -> None:
    rows = "number,kind,at,evidence\n+441614960000,opted_out,2025-01-02T10:00:00Z,form\nx,y,z,w\n"
    async with browsing(office.ada) as ada:
        sent = await ada.post(
            "/admin/consent/evidence", files={"file": ("c.csv", rows.encode())}, headers=PAGE
        )
        assert "1 added, 0 known before, 1 refused." in sent.text
        assert "Line 3: kind is opted_out or opted_in." in sent.text
        assert "+441614960000" in (await ada.get("/admin/consent/evidence.csv")).text
        page = (await ada.get("/admin/consent")).text
    assert "Evidence of consent" in page
