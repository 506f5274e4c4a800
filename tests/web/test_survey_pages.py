"""The page of surveys: their scopes, and how answers are read in the preview."""

import re

import pytest

from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing, removal

PATH = "/admin/surveys"
FORM = {
    "of": "",
    "language": "en",
    "enabled": "yes",
    "scale": "one_to_five",
    "questions": "3",
    "timeout": "1 h",
    "late_within": "1 day",
    "interruption": "after_last_retry",
    "minimum_texts": "1",
    "once_per": "",
    "sample_percent": "100",
}
OWN = FORM | {
    "scale": "own",
    "scale_name": "Mood",
    "value-0": "1",
    "label-0": "Meh",
    "words-0": "so so, 😐",
    "value-1": "2",
    "label-1": "Super",
    "grades-1": "good+excellent",
    "satisfied_from": "1",
}


def texts(page: str) -> list[tuple[str, str]]:
    """Return what stands on the phone: whose text, and its words."""
    return re.findall(r'<li class="bubble (in|out)".*?<p>(.*?)</p>', page, re.S)


def origin(page: str) -> str:
    found = re.search(r'<p class="origin.*?</p>', page, re.S)
    assert found
    return re.sub(r"<[^>]+>", "", found[0]).strip()


async def test_thumbs_are_set_for_a_line_and_taken_back(office: Office, browsing: Browsing) -> None:
    here = {"of": f"line:{office.brand.line_id}", "language": "en"}
    async with browsing(office.ada) as ada:
        assert origin((await ada.get(PATH, params=here)).text).startswith("Currently from Product.")
        form = FORM | here | {"scale": "thumbs", "once_per": "30 days", "follow_ups": "comment"}
        saved = await ada.post(PATH, data=form, headers=PAGE)
        page = (await ada.get(saved.headers["HX-Redirect"])).text
        assert origin(page).startswith("Set here")
        assert re.search(r'value="thumbs" checked', page)
        assert re.search(r'value="comment" checked', page)
        assert 'value="30 days"' in page
        assert [side for side, _ in texts(page)] == ["in", "out", "in", "out", "in"]
        assert texts(page)[1] == ("out", "👍")
        assert 'value="one_to_five" checked' in (await ada.get(PATH)).text
        await ada.post(removal(page), data=here, headers=PAGE)
        assert origin((await ada.get(PATH, params=here)).text).startswith("Currently from Product.")


async def test_a_lines_page_says_that_the_accounts_survey_holds(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        await ada.post(PATH, data=FORM | {"questions": "1"}, headers=PAGE)
        page = (await ada.get(PATH, params={"of": f"line:{office.brand.line_id}"})).text
        assert "Product" not in origin(page)
        assert re.search(r'name="questions" type="number" value="1"', page)


async def test_the_accounts_own_keywords_are_kept_and_read(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        saved = await ada.post(PATH, data=OWN, headers=PAGE)
        page = (await ada.get(saved.headers["HX-Redirect"])).text
        assert 'name="words-0" value="so so, 😐"' in page
        assert 'name="scale_name" type="text" value="Mood"' in page
        for answer, label, verdict in (
            ("so so", "Meh", "Does not count as satisfied"),
            ("prima, danke!", "Super", "Counts as satisfied"),
        ):
            tried = await ada.post(f"{PATH}/preview", data=OWN | {"answer": answer}, headers=PAGE)
            assert f"“{answer}” is read as {label}" in tried.text
            assert verdict in tried.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("label-1", "", "A scale needs at least two steps."),
        ("value-1", "1", "Two steps of the scale have the same value."),
        ("label-1", "Gre\0at", "may not contain the character NUL"),
        ("value-1", "many", "Super: the value must be a number."),
        ("words-1", "meh", "means two steps of the scale."),
        ("words-1", "stop", "is a keyword"),
        ("questions", "4", "Questions at most: "),
        ("timeout", "", "Time to answer: "),
        ("timeout", "soon", "Time to answer: Write a time such as"),
        ("timeout", "9 days", "1 minute to 7 days"),
        ("sample_percent", "0", "Percentage of conversations: "),
    ],
)
async def test_what_is_wrong_is_said_at_the_form_and_beside_the_phone(
    office: Office, browsing: Browsing, field: str, value: str, sentence: str
) -> None:
    async with browsing(office.ada) as ada:
        refused = await ada.post(PATH, data=OWN | {field: value}, headers=PAGE)
        assert (refused.status_code, sentence in refused.text) == (422, True), refused.text
        assert ".." not in refused.text
        beside = await ada.post(f"{PATH}/preview", data=OWN | {field: value}, headers=PAGE)
        assert beside.headers["HX-Retarget"] == "#refused"
        assert beside.text == refused.text
        assert origin((await ada.get(PATH)).text).startswith("Currently from Product.")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("4 but slow", "“4 but slow” is read as 4"),
        ("5 no 4", "“5 no 4” is not an answer"),
        ("<b>hello</b>", "“&lt;b&gt;hello&lt;/b&gt;” is not an answer"),
    ],
)
async def test_an_answer_can_be_tried(
    office: Office, browsing: Browsing, answer: str, says: str
) -> None:
    async with browsing(office.ada) as ada:
        tried = await ada.post(f"{PATH}/preview", data=FORM | {"answer": answer}, headers=PAGE)
    assert says in tried.text


async def test_what_is_no_answer_is_asked_again_on_the_phone(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        form = FORM | {"answer": "hm"}
        again = await ada.post(f"{PATH}/preview", data=form, headers=PAGE)
        assert [words for side, words in texts(again.text) if side == "out"] == ["hm", "5"]
        assert "up to 3 times in all" in again.text
        once = await ada.post(f"{PATH}/preview", data=form | {"questions": "1"}, headers=PAGE)
        assert len(texts(once.text)) == 3
        assert "ends without a rating, and the text opens" in once.text
        request = form | {"interruption": "at_once", "answer": "Where is my order number 12345?"}
        next_one = await ada.post(f"{PATH}/preview", data=request, headers=PAGE)
        assert "opens the next conversation" in next_one.text
        off = {name: value for name, value in form.items() if name != "enabled"}
        assert texts((await ada.post(f"{PATH}/preview", data=off, headers=PAGE)).text) == []


async def test_the_question_asks_for_the_scale_and_its_texts_are_one_step_away(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        here = {"language": "de", "scale": "zero_to_ten"}
        tried = await ada.post(f"{PATH}/preview", data=FORM | here, headers=PAGE)
        assert "bis 10" in texts(tried.text)[0][1]
        page = (await ada.get(PATH, params={"language": "de"})).text
    assert "/admin/messages?of=&amp;language=de&amp;event=survey_question" in page


async def test_without_scripts_an_answer_is_read_by_the_saved_survey(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        form = {"of": "", "language": "en", "answer": "great"}
        page = await ada.post(f"{PATH}/preview", data=form, headers={"X-Switchboard": "1"})
        assert "<html" in page.text
        assert "“great” is read as 5" in page.text
        draft = await ada.post(
            f"{PATH}/preview", data=FORM | {"scale": "thumbs"}, headers={"X-Switchboard": "1"}
        )
        assert 'value="thumbs" checked' in draft.text


async def test_a_skill_has_no_survey(office: Office, browsing: Browsing) -> None:
    async with browsing(office.ada) as ada:
        answer = await ada.get(PATH, params={"of": f"skill:{office.brand.support}"})
    assert answer.status_code == 404
