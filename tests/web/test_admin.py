"""The admin's pages: who sees them, what they save, and what they refuse at the form."""

import re
from html import escape

import pytest

from api.body_limit import LARGEST_BODY
from database.queries import line_refusals
from domain.consent.quiet_hour_rules import RULES
from domain.errors import Invalid
from domain.numbers.kinds import Misdirected
from services.backends import Backends
from services.supervising.working import BulkWork
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing
from web import durations

PATHS = (
    "/admin",
    "/admin/consent",
    "/admin/away-reasons",
    "/admin/routing",
    "/admin/skills",
    "/admin/agents",
    "/admin/hours",
    "/admin/messages",
    "/admin/surveys",
    "/admin/saved-replies",
    "/admin/labels",
    "/admin/closing-reasons",
    "/admin/lines",
    "/admin/sources",
    "/admin/calls",
    "/admin/endpoints",
    "/admin/tokens",
    "/admin/account",
)


def filled(page: str) -> dict[str, str | list[str]]:
    """Return what a browser would send of a page's first form."""
    form = re.search(r'<form class="filled[^>]*>(.*?)</form>', page, re.S)
    assert form
    sent: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if values.get("type") != "checkbox" or " checked" in tag:
            sent[values["name"]] = values.get("value", "")
    for name, more, options in re.findall(
        r'<select id="\w+" name="(\w+)"([^>]*)>(.*?)</select>', form[1], re.S
    ):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        sent[name] = chosen if "multiple" in more else (chosen or [""])[0]
    return sent


@pytest.mark.parametrize("path", PATHS)
async def test_a_settings_page_marks_itself_in_the_navigation(
    office: Office, browsing: Browsing, path: str
) -> None:
    async with browsing(office.ada) as ada:
        page = await ada.get(path)
        assert page.status_code == 200
        assert "<h1>" in page.text
        assert f'href="{path}" aria-current="page"' in page.text


async def test_admins_read_of_texts_that_came_to_the_wrong_line(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.ada) as ada:
        assert "wrong address" not in (await ada.get("/admin/account")).text
        async with office.sessions.begin() as session:
            for reason in (*[Misdirected.unknown_number] * 2, Misdirected.another_line):
                await line_refusals.note(session, office.brand.line_id, reason)
        page = (await ada.get("/admin/account")).text
    assert "<bdi>Support line</bdi>: 2 texts, last" in page
    assert "They were for a number that is no line of yours, and refused." in page
    assert "<bdi>Support line</bdi>: 1 text, last" in page
    assert "They were for another of your lines, and moved there." in page
    async with browsing(strangers.ada) as zoe:
        assert "wrong address" not in (await zoe.get("/admin/account")).text


async def test_another_account_is_not_there(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    mine = (
        f"/admin/skills/{office.brand.support}",
        f"/admin/agents/{office.brand.ann.agent_id}",
        f"/admin/hours?skill={office.brand.support}",
        f"/admin/messages?of=line:{office.brand.line_id}",
        f"/admin/messages?of=skill:{office.brand.support}",
        f"/admin/surveys?of=line:{office.brand.line_id}",
    )
    async with browsing(strangers.ada) as zoe:
        for path in mine:
            assert (await zoe.get(path)).status_code == 404, path
        for path in PATHS:
            assert office.brand.account_id + "-" not in (await zoe.get(path)).text


@pytest.mark.parametrize("of", ["skill", "agent", "account", "hours"])
async def test_saving_what_is_shown_changes_nothing(
    office: Office, browsing: Browsing, of: str
) -> None:
    address = {
        "skill": f"/admin/skills/{office.brand.support}",
        "agent": f"/admin/agents/{office.brand.ben.agent_id}",
        "account": "/admin/account",
        "hours": "/admin/hours",
    }[of]
    shown = {"skill": "skills/" + office.brand.support, "account": "account", "hours": "hours"}
    shown["agent"] = f"agents/{office.brand.ben.agent_id}"
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        before = (await api.get(f"/v1/{shown[of]}")).json()
        form = filled((await ada.get(address)).text)
        if of == "agent":
            form["skills"] = before["skills"]
        saved = await ada.post(address, data=form, headers=PAGE)
        assert saved.headers.get("HX-Redirect") == f"{address}?saved=true", saved.text
        after = (await api.get(f"/v1/{shown[of]}")).json()
        # Always open is open since now.
        assert after | {"next_open_at": 0} == before | {"next_open_at": 0}
        assert 'role="status">Saved.' in (await ada.get(f"{address}?saved=true")).text


async def test_a_skill_is_created_changed_and_retired(office: Office, browsing: Browsing) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        made = await ada.post("/admin/skills", data={"name": "Returns"}, headers=PAGE)
        address = made.headers["HX-Redirect"]
        form = filled((await ada.get(address)).text)
        form |= {"response_seconds": "1 h 30 min", "fallback_skill": office.brand.support}
        await ada.post(address, data=form | {"transfer_targets": "listed"}, headers=PAGE)
        skill = (await api.get(f"/v1{address.removeprefix('/admin')}")).json()
        assert skill["response_seconds"] == 5400
        assert skill["fallback_skill_id"] == office.brand.support
        assert skill["transfer_targets"] == "listed"
        used = f"/admin/skills/{office.brand.support}/retire"
        refused = await ada.post(used, headers=PAGE)
        assert (refused.status_code, refused.text[:3]) == (409, "<p>")
        assert (await ada.post(f"{address}/retire", headers=PAGE)).status_code == 200
        assert address not in (await ada.get("/admin/skills")).text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("priority", "1000", "Priority: must be at most 100."),
        ("priority", "high", "Priority: must be a number."),
        ("name", "", "Name: may not be empty."),
        ("response_seconds", "soon", "Response time: Write a time such as"),
        ("response_seconds", "5 s", "Response time: must be at least 1 min."),
    ],
)
async def test_what_is_wrong_is_said_at_the_form(
    office: Office, browsing: Browsing, field: str, value: str, sentence: str
) -> None:
    address = f"/admin/skills/{office.brand.support}"
    async with browsing(office.ada) as ada:
        form = filled((await ada.get(address)).text) | {field: value}
        refused = await ada.post(address, data=form, headers=PAGE)
    assert refused.status_code == 422
    assert sentence in refused.text


async def test_a_fallback_loop_is_refused_at_the_form(office: Office, browsing: Browsing) -> None:
    async with browsing(office.ada) as ada:
        for skill, fallback in (
            (office.brand.support, office.brand.sales),
            (office.brand.sales, office.brand.support),
        ):
            address = f"/admin/skills/{skill}"
            form = filled((await ada.get(address)).text) | {"fallback_skill": fallback}
            answer = await ada.post(address, data=form, headers=PAGE)
    assert answer.status_code == 422
    assert "This fallback is a loop" in answer.text


async def test_a_person_is_added_and_holds_what_is_ticked(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        form = {"name": "Cleo", "email": "c@brand.test", "role": "agent"}
        wrong = await ada.post("/admin/agents", data=form | {"email": "c"}, headers=PAGE)
        assert wrong.status_code == 422
        made = await ada.post("/admin/agents", data=form, headers=PAGE)
        [address] = re.findall(r"/admin/agents/[\w-]+", made.text)
        form |= {"capacity": "3"}
        more = {"skills": [office.brand.support, office.brand.sales], "may_pick": "yes"}
        await ada.post(address, data=form | more, headers=PAGE)
        agent = (await api.get(f"/v1{address.removeprefix('/admin')}")).json()
    assert agent["skills"] == sorted(more["skills"])
    assert (agent["capacity"], agent["may_pick"]) == (3, True)


async def test_what_leads_to_a_skill_and_is_open_there_goes_elsewhere_before_it_is_retired(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("Hello")
    await centre.when("waiting")
    support, sales = office.brand.support, office.brand.sales
    path = f"/admin/skills/{support}"
    async with browsing(office.ada) as ada:
        refused = await ada.post(f"{path}/retire", headers=PAGE)
        assert refused.status_code == 409
        assert "1 conversation is open there." in (await ada.get(path)).text
        same = await ada.post(f"{path}/empty", data={"to": support}, headers=PAGE)
        assert (same.status_code, "Choose another skill." in same.text) == (422, True)
        moved = await ada.post(f"{path}/empty", data={"to": sales}, headers=PAGE)
        assert moved.status_code == 200
        await BulkWork(Backends(centre.sessions, centre.conversations)).work()
        assert (await centre.conversation()).skill_id == sales
        line = (await ada.get(f"/v1/lines/{office.brand.line_id}")).json()
        assert line["entry_skill_id"] == sales
        done = await ada.post(f"{path}/retire", headers=PAGE)
        assert done.headers["HX-Redirect"] == "/admin/skills"


async def test_hours_are_written_as_people_write_them(office: Office, browsing: Browsing) -> None:
    form = {
        "monday": "9:00 - 12:30, 13:00-17:00",
        "friday": "22:00-06:00",
        "day-0": "2026-12-25",
        "name-0": "Christmas",
    }
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        assert (await ada.post("/admin/hours", data=form, headers=PAGE)).status_code == 200
        hours = (await api.get("/v1/hours")).json()
        assert hours["week"]["monday"][0] == {"opens": "09:00", "closes": "12:30"}
        assert hours["week"]["friday"] == [{"opens": "22:00", "closes": "06:00"}]
        assert hours["special_days"][0]["name"] == "Christmas"
        page = (await ada.get("/admin/hours")).text
        assert 'value="09:00-12:30, 13:00-17:00"' in page
        assert '<rect class="open" x="0" width="360"' in page, "Saturday's night of Friday"
        for wrong, sentence in (
            ({"monday": "9 to 5"}, "Monday: write hours such as"),
            ({"monday": "25:00-26:00"}, "Monday: 25:00-26:00 is not a time of day."),
            ({"monday": "09:00-12:00, 11:00-13:00"}, "overlap"),
            ({"name-1": "Nothing"}, "Special days: Nothing needs a date."),
            ({"day-1": "2026-12-25", "name-1": "Again"}, "is listed twice"),
            (
                {"day-1": "2026-02-30", "name-1": "No day"},
                "Special day 2026-02-30: must be a date such as 2026-12-24.",
            ),
            (
                {"day-1": "2026-12-26", "name-1": "x" * 81},
                "Special day 2026-12-26, name: may have at most 80 characters.",
            ),
            ({"tuesday": ", ".join(["09:00-10:00"] * 11)}, "Tuesday: may have at most 10 entries."),
        ):
            refused = await ada.post("/admin/hours", data=form | wrong, headers=PAGE)
            assert refused.status_code == 422, wrong
            assert sentence in refused.text
        of_skill = f"/admin/hours?skill={office.brand.sales}"
        assert (await ada.post(of_skill, data={"monday": "10:00-11:00"}, headers=PAGE)).is_success
        assert "Follow the account" in (await ada.get(of_skill)).text
        back = f"/admin/hours/follow?skill={office.brand.sales}"
        assert (await ada.post(back, headers=PAGE)).is_success
        skill = (await api.get(f"/v1/skills/{office.brand.sales}/hours")).json()
    assert skill["is_own"] is False


async def test_a_week_without_hours_reads_as_always_open(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        always = (await ada.get("/admin/hours")).text
        assert "Always open" in always
        assert always.count('placeholder="Open all day"') == 7
        assert always.count('<rect class="open" x="0" width="1440"') == 7
        holiday = {"day-0": "2026-12-25", "name-0": "Christmas"}
        await ada.post("/admin/hours", data=holiday, headers=PAGE)
        assert "Always open except on special days" in (await ada.get("/admin/hours")).text
        await ada.post("/admin/hours", data={"monday": "09:00-17:00"}, headers=PAGE)
        monday = (await ada.get("/admin/hours")).text
    assert "Always open" not in monday
    assert "Open all day" not in monday


async def test_reasons_are_one_a_line_and_ten_at_most(office: Office, browsing: Browsing) -> None:
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        path = "/admin/away-reasons"
        await ada.post(path, data={"reasons": "Lunch\r\n\r\n Training "}, headers=PAGE)
        reasons = (await api.get("/v1/away-reasons")).json()["reasons"]
        assert reasons == ["Lunch", "Training"]
        many = "\n".join(f"Reason {count}" for count in range(11))
        refused = await ada.post(path, data={"reasons": many}, headers=PAGE)
        assert refused.status_code == 422
        assert "Reasons: " in refused.text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", None), ("45 s", 45), ("15min", 900), ("1 h 30 min", 5400), ("90 days", 7776000)],
)
def test_durations_are_read_as_people_write_them(text: str, seconds: int | None) -> None:
    assert durations.to_seconds(text) == seconds
    assert durations.to_seconds(durations.to_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["soon", "15", "1.5 h", "-3 min", "2 h or so"])
def test_an_unfit_duration_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        durations.to_seconds(text)


@pytest.mark.parametrize("of", ["hours", "hours of a skill", "skill", "agent", "account", "survey"])
async def test_the_later_of_two_windows_is_told_and_may_still_save(
    office: Office, browsing: Browsing, of: str
) -> None:
    address, field = {
        "hours": ("/admin/hours", "monday"),
        "hours of a skill": (f"/admin/hours?skill={office.brand.support}", "monday"),
        "skill": (f"/admin/skills/{office.brand.support}", "response_seconds"),
        "agent": (f"/admin/agents/{office.brand.ben.agent_id}", "name"),
        "account": ("/admin/account", "brand"),
        "survey": ("/admin/surveys", "timeout"),
    }[of]
    times = {"response_seconds": "10 min", "timeout": "10 min"}
    first = ({"monday": "09:00-12:00"} | times).get(field, "Berta")
    second = {"monday": "13:00-17:00", **dict.fromkeys(times, "20 min")}.get(field, "Benno")
    async with browsing(office.ada) as one, browsing(office.ada) as other:
        windows = [filled((await window.get(address)).text) for window in (one, other)]
        for window in windows if of == "survey" else ():
            window["scale"] = "one_to_five"  # a radio, which `filled` does not read
        saved = await one.post(address, data=windows[0] | {field: first}, headers=PAGE)
        assert saved.headers.get("HX-Redirect"), saved.text
        told = await other.post(address, data=windows[1] | {field: second}, headers=PAGE)
        assert told.status_code == 409
        assert "Somebody saved other values here" in told.text
        assert f'value="{first}"' in (await one.get(address)).text
        version = re.search(r'name="seen" value="(\w+)"', told.text)
        assert version
        mine = windows[1] | {field: second, "seen": version[1]}
        saved = await other.post(address, data=mine, headers=PAGE)
        assert saved.headers.get("HX-Redirect"), saved.text
        assert f'value="{second}"' in (await one.get(address)).text


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("", {"texts_from": "soon"}, "Your own hours begin: must be a time such as 09:00."),
        ("", {"opt_out_reach": "moon"}, "STOP opts out of: must be one of the choices."),
        ("", {"brand": "x" * 81}, "Brand name: may have at most 80 characters."),
        ("away-reasons", {"reasons": "a\n" * 11}, "Reasons: may have at most 10 entries."),
        ("away-reasons", {"reasons": "a\nA"}, "Reasons: A reason is given twice."),
        ("consent/keywords", {"stop": "x" * 41}, "Opt out: may have at most 40 characters."),
    ],
)
async def test_no_sentence_of_a_library_stands_at_the_form(
    office: Office, browsing: Browsing, path: str, form: dict[str, str], sentence: str
) -> None:
    async with browsing(office.ada) as ada:
        shown = {} if path else filled((await ada.get("/admin/account")).text)
        refused = await ada.post(f"/admin/{path or 'account'}", data=shown | form, headers=PAGE)
    assert refused.status_code == 422
    assert sentence in refused.text


async def test_admins_read_the_quiet_hours_of_every_place_with_their_source(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        page = (await ada.get("/admin/consent")).text
    table = page.split("Quiet hours by place")[1].split("</table>")[0]
    assert "09:00 to 18:00; Saturday: 10:00 to 17:00; Sunday: never" in table
    for rule in RULES:
        assert escape(rule.source) in table


async def test_consent_is_imported_on_the_page(office: Office, browsing: Browsing) -> None:
    rows = "number,kind,at,evidence\n+441614960000,opted_out,2025-01-02T10:00:00Z,form\n0,,,\n"
    address = "/admin/consent/evidence"
    async with browsing(office.ada) as ada, browsing(office.brand.mia) as mia:
        sent = {"file": ("consent.csv", rows, "text/csv")}
        told = await ada.post(address, files=sent, headers=PAGE)
        assert "1 added, 0 known before, 1 refused." in told.text
        assert "Line 3: " in told.text
        many = {"file": ("consent.csv", rows + "\n" * (LARGEST_BODY + 1), "text/csv")}
        assert "0 added, 1 known" in (await ada.post(address, files=many, headers=PAGE)).text
        assert "Choose a file." in (await ada.post(address, data={"file": ""}, headers=PAGE)).text
        assert (await mia.post(address, files=sent, headers=PAGE)).status_code == 403
