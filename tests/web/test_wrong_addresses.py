"""Addresses that no page has: a browser gets a page with a way back, a program gets a problem."""

import pytest

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("address", ["/admin/nothing", "/nothing", "/board/x/y", "/static/no.css"])
async def test_a_browser_that_asks_for_what_is_not_there_is_shown_a_page(
    office: Office, browsing: Browsing, address: str
) -> None:
    async with browsing(office.brand.ann) as ann:
        answer = await ann.get(address, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Nothing was found here." in answer.text
    assert 'href="/workspace"' in answer.text


async def test_a_browser_that_opens_the_address_of_a_form_is_shown_a_page(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.ann) as ann:
        answer = await ann.get("/log-out", headers=BROWSER)
    assert answer.status_code == 405
    assert "This address does not take such a request." in answer.text
    assert answer.headers["Allow"] == "POST"


async def test_what_is_too_long_for_a_form_is_said_beside_it(
    office: Office, browsing: Browsing
) -> None:
    too_long = "x" * 2_000_000
    async with browsing(office.brand.ann) as ann:
        answer = await ann.post("/workspace/state", data={"state": too_long}, headers=PAGE)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "This is too long to be taken." in answer.text


@pytest.mark.parametrize("address", ["/v1/nothing", "/webhooks/nothing", "/health/nothing"])
async def test_what_programs_talk_to_answers_a_browser_with_a_problem_too(
    office: Office, browsing: Browsing, address: str
) -> None:
    async with browsing(office.brand.ann) as ann:
        answer = await ann.get(address, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_program_that_asks_for_what_is_not_there_gets_a_problem(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.ann) as ann:
        answer = await ann.get("/admin/nothing")
    assert answer.headers["Content-Type"] == "application/problem+json"
