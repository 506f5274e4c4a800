"""The page where people change their own password."""

from tests.api.conftest import PASSWORD, Office
from tests.api.test_log_ins import log_in
from tests.web.conftest import PAGE, Browsing
from workflows.conversation.messages import Actor

NEW = "quite another password"


async def test_people_find_the_page_and_change_their_own_password(
    browsing: Browsing, office: Office, ann_with_password: Actor
) -> None:
    async with browsing(ann_with_password) as ann, browsing(ann_with_password) as elsewhere:
        assert "Current password" in (await ann.get("/password")).text
        form = {"current": PASSWORD, "new": NEW, "again": NEW}
        done = await ann.post("/password", data=form, headers=PAGE)
        assert done.headers["HX-Redirect"] == "/password?saved=true"
        assert "Your password has been changed" in (await ann.get("/password?saved=true")).text
        assert (await elsewhere.get("/workspace")).status_code == 303
    assert (await log_in(office, ann_with_password)).status_code == 401
    assert (await log_in(office, ann_with_password, NEW)).status_code == 201


async def test_why_a_password_is_not_changed_is_said(
    browsing: Browsing, office: Office, ann_with_password: Actor
) -> None:
    said = {
        "do not match": {"current": PASSWORD, "new": NEW, "again": "something else"},
        "current password is wrong": {"current": "guess", "new": NEW, "again": NEW},
        "New password: needs at least 10 characters.": {
            "current": PASSWORD,
            "new": "short",
            "again": "short",
        },
        "easy to guess": {
            "current": PASSWORD,
            "new": "password1234",
            "again": "password1234",
        },
        "New password": {"current": PASSWORD},
    }
    async with browsing(ann_with_password) as ann:
        for sentence, form in said.items():
            answer = await ann.post("/password", data=form, headers=PAGE)
            assert answer.status_code in (401, 422)
            assert sentence in answer.text, answer.text
    assert (await log_in(office, ann_with_password)).status_code == 201


async def test_another_site_changes_no_password(
    browsing: Browsing, ann_with_password: Actor
) -> None:
    form = {"current": PASSWORD, "new": NEW, "again": NEW}
    async with browsing(ann_with_password) as ann:
        answer = await ann.post("/password", data=form, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403


async def test_a_stranger_is_asked_to_log_in_first(office: Office) -> None:
    async with office.calling() as stranger:
        answer = await stranger.get("/password")
    assert answer.headers["Location"] == "/log-in?next=%2Fpassword"
