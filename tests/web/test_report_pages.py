"""The page of reports: figures, chart, table, CSV and what is behind numbers."""

import csv
import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import StringIO

import httpx2
import pytest

from database.tables import StaleDay
from domain.reporting.catalogue import FIGURES
from domain.reporting.kinds import SplitBy
from domain.reporting.periods import Period, days_of
from reporting.following import Following
from reporting.summing import Summing
from settings import Settings
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import Browsing
from web.reports.asked import Address, Asked
from web.reports.behind import link_behind
from web.reports.values import change
from workflows.conversation.commands import Close

pytestmark = pytest.mark.usefixtures("in_one_day")

COMMENT = "5 very kind"


async def _one_is_rated(office: Office, settings: Settings, centre: Centre) -> str:
    """Have Ann answer and close a conversation that is rated, and count it; return its id."""
    brand = office.brand
    await centre.text("hello")
    await centre.when("waiting")
    await centre.assign(brand.ann.agent_id, "Ann")
    conversation = str((await centre.conversation()).id)
    async with office.person(brand.ann) as ann:
        path = f"/v1/conversations/{conversation}/replies"
        await ann.post(path, json={"text": "It is on its way"})
    await centre.give(Close(key="c1", actor=brand.ann))
    await centre.when("survey")
    await centre.text(COMMENT)
    await centre.when("closed")
    url = str(settings.database.database_url)
    await Following(office.sessions, url).read([brand.account_id])
    await Summing(office.sessions).look()
    return conversation


async def _page(client: httpx2.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


def _links(page: str, to: str) -> Iterator[str]:
    yield from map(html.unescape, re.findall(rf'href="(/reports{to}\?[^"]+)"', page))


def _rows(exported: httpx2.Response) -> list[list[str]]:
    return list(csv.reader(StringIO(exported.text.lstrip("\ufeff"))))


async def test_a_manager_goes_from_figures_to_conversations_and_comments_and_downloads_them(
    office: Office, settings: Settings, centre: Centre, browsing: Browsing
) -> None:
    conversation = await _one_is_rated(office, settings, centre)
    async with browsing(office.brand.mia) as mia:
        page = await _page(mia, "/reports?period=last_7&by=agent&compare=yes&chart=handled")
        assert all(one.says in html.unescape(page) for one in FIGURES.values())
        assert re.search(r'role="img" aria-label="Handled by agent: 1 in 1 row."', page)
        assert 'aria-current="page">Reports' in page
        [handled] = [one for one in _links(page, "/conversations") if "row=" in one][:1]
        assert f"/workspace/{conversation}?view=all" in await _page(mia, handled)
        [csat] = {one for one in _links(page, "/ratings") if "figure=csat" in one and "row" in one}
        ratings = await _page(mia, csat)
        assert '<blockquote dir="auto">5 very kind</blockquote>' in ratings
        [not_satisfied] = [one for one in _links(ratings, "/ratings") if "satisfied=False" in one]
        assert "No rating is here." in await _page(mia, not_satisfied)
        assert next(_links(ratings, "")).startswith("/reports?period=last_7&by=agent&compare=yes")
        for by in SplitBy:
            shown = await _page(mia, f"/reports?period=last_7&by={by}&column=opened&sort=opened")
            counted = [one for one in _links(shown, "/conversations") if "figure=opened" in one]
            for path in counted:
                assert conversation in await _page(mia, path), path
            assert counted
        shown = await _page(mia, f"/reports?period=last_7&by=agent&skill={office.brand.support}")
        assert f"by=agent&only_skill={office.brand.support}" in unescape(shown)
        assert "/exports/new?kind=figures&first_day=20" in unescape(shown)
        for figure in FIGURES:
            await _page(mia, f"/reports?period=today&by=hour&chart={figure}&hours=worked")
        exported = await mia.get("/reports/export.csv?period=last_7&by=agent&column=texts_in")
        rows = _rows(exported)
        assert rows[:2] == [["Agent", "Handled", "Texts in"], ["Ann", "1", "0"]]
        assert rows[2:] == [["All together", "1", "2"]]
        async with office.sessions.begin() as session:
            day = datetime.now(UTC).date() - timedelta(days=1)
            session.add(StaleDay(account_id=office.brand.account_id, day=day))
        exported = await mia.get("/reports/export.csv?period=last_7&by=agent")
        assert "1 day is being counted anew" in exported.text.splitlines()[-1]
    async with browsing(office.ada) as ada:
        assert "Report" in await _page(ada, "/admin/audit?subject=report&action=exported")


async def test_wrong_days_are_told_beside_their_field_and_nothing_is_lost(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia:
        own = "/reports?period=own&by=hour&measure=mean"
        for query, told in {
            "first=2026-02-30&last=2026-03-01": "This is no day.",
            "first=&last=2026-03-01": "Choose a day.",
            "first=2026-03-02&last=2026-03-01": "is before the first one",
            "first=0001-01-01&last=9999-12-31": "days from 2000 to 2200",
            "first=2020-01-01&last=2026-01-01&by=day": "at most 400 days",
        }.items():
            page = await _page(mia, f"{own.replace('by=hour&', '')}&{query}", 422)
            assert told in page
            assert 'aria-invalid="true"' in page
            assert '<option value="mean" selected' in page
            assert (await mia.get(f"/reports/export.csv?{own[9:]}&{query}")).status_code in (
                200,
                422,
            )
        assert "Nothing happened" in await _page(mia, f"{own}&first=2001-01-01&last=2001-01-02")
        for wrong in ("by=shoes", "period=ever", "skill=%00", "compare=maybe"):
            await _page(mia, f"/reports?{wrong}", 422)
        odd = "/reports?period=today&chart=shoes&column=shoes&sort=shoes&skill=no-such&by=team"
        assert "no-such" in await _page(mia, odd)
        rows = ("weekday&row=x", "weekday&row=8", f"hour&row={10**14}", "month&row=9999-12")
        opened = [f"figure=opened&by={row}" for row in rows]
        for path in ("figure=online_hours", "figure=shoes", *opened):
            await _page(mia, f"/reports/conversations?{path}", 422)
        for path in ("figure=nps&answer=yes", "figure=opened&answer=yes"):
            await _page(mia, f"/reports/conversations?{path}", 422)
        await _page(mia, "/reports/ratings?cursor=nonsense", 422)
        assert "Nobody rated" in await _page(mia, "/reports/ratings?period=today")


async def test_behind_a_question_each_of_its_answers_is_listed_by_itself(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.mia) as mia:
        for figure, answers in (
            ("nps", ["All", "Promoters, 9 and 10", "Passives, 7 and 8", "Detractors, 0 to 6"]),
            ("resolved", ["All", "Yes", "No"]),
            ("opened", []),
        ):
            page = await _page(mia, f"/reports/conversations?period=today&figure={figure}")
            links = re.findall(r'<a class="button" href="([^"]+)"[^>]*>([^<]+)</a>', page)
            assert [words for _, words in links] == answers, figure
            for address, words in links:
                page = await _page(mia, html.unescape(address))
                assert f'aria-current="true">{words}</a>' in page


@pytest.mark.parametrize(
    ("figure", "value", "is_linked"),
    [
        *(("csat", 0, True), ("mean_rating", 0, True), ("nps", 0, True), ("nps", -100, True)),
        ("resolved", 0, True),
        *(("csat", None, False), ("nps", None, False)),
        *(("rated", 0, False), ("answer_rate", 0, False), ("opened", 0, False)),
        *(("opened", 2, True), ("online_hours", 2, False)),
    ],
)
def test_a_number_leads_to_what_is_behind_it_also_where_all_answers_were_bad(
    figure: str, value: float | None, *, is_linked: bool
) -> None:
    asked = Asked.read(Address(), date(2026, 3, 1))
    assert (link_behind(asked, FIGURES[figure], value, "") is not None) == is_linked


async def test_the_chart_shows_the_figure_that_was_chosen_however_rows_are_told_apart(
    office: Office, settings: Settings, centre: Centre, browsing: Browsing
) -> None:
    await _one_is_rated(office, settings, centre)
    async with browsing(office.brand.mia) as mia:
        for by, usual in (("day", "Opened"), ("agent", "Handled"), ("team", "Handled")):
            path = f"/reports?period=today&by={by}"
            page = await _page(mia, f"{path}&chart=")
            assert f'<option value="" selected>{usual}</option>' in page
            assert '<option value="closed" selected>Closed</option>' in await _page(
                mia, f"{path}&chart=closed"
            )
        page = await _page(mia, "/reports?period=today&by=agent&chart=opened")
        assert '<option value="opened" selected>Opened</option>' in page


async def test_the_csv_says_which_hours_its_times_are_in(
    office: Office, browsing: Browsing
) -> None:
    column = "column=response_time&column=duration&column=opened"
    async with browsing(office.brand.mia) as mia:
        for hours, answered in (
            ("clock", "Agent response time, Median, in seconds"),
            ("worked", "Agent response time, Median, in seconds of working hours"),
        ):
            path = f"/reports/export.csv?period=today&hours={hours}&{column}"
            heading, *_others = _rows(await mia.get(path))
            assert answered in heading, heading
            assert "Duration, Median, in seconds" in heading, "it has no hours"


async def test_reports_are_for_managers_and_no_page_leads_agents_there(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.ann) as ann:
        for path in ("", "/export.csv", "/conversations?figure=opened", "/ratings"):
            await _page(ann, f"/reports{path}", 403)
        assert "/reports" not in await _page(ann, "/consumers")
    async with browsing(office.brand.mia) as mia:
        assert 'href="/reports"' in await _page(mia, "/consumers")


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.this_day, "2026-03-01", "2026-03-01"),
        (Period.yesterday, "2026-02-28", "2026-02-28"),
        (Period.last_7, "2026-02-23", "2026-03-01"),
        (Period.this_month, "2026-03-01", "2026-03-01"),
        (Period.last_month, "2026-02-01", "2026-02-28"),
        (Period.this_year, "2026-01-01", "2026-03-01"),
    ],
)
def test_a_period_is_days_of_the_account(period: Period, first: str, last: str) -> None:
    days = days_of(period, date(2026, 3, 1))
    assert days == (date.fromisoformat(first), date.fromisoformat(last))


def test_what_counts_up_is_called_better_only_once_the_time_is_over() -> None:
    for name in ("abandoned", "opt_outs"):
        figure = FIGURES[name]
        over, on = (change(figure, 1, 10, is_over=is_over) for is_over in (True, False))
        assert over is not None
        assert on is not None
        assert (over.verdict, on.verdict) == ("better", None), name
        assert over.words == on.words
    rate = change(FIGURES["abandoned_rate"], 1, 10, is_over=False)
    assert rate is not None
    assert rate.verdict == "better", "shares do not grow with the day"


async def test_a_page_says_that_its_time_is_not_over(office: Office, browsing: Browsing) -> None:
    unfinished = "The time is not over yet"
    async with browsing(office.brand.mia) as mia:
        assert unfinished in await _page(mia, "/reports?period=today&compare=yes")
        assert unfinished not in await _page(mia, "/reports?period=yesterday&compare=yes")
