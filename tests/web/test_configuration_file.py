"""A brand's configuration as one file: by the API, on its page, and on the command line."""

from pathlib import Path

import httpx2
import pytest
import yaml
from typer.testing import CliRunner

from api.configuration.kinds import IN_FILE, LEFT_OUT
from api.configuration.reading import FileInvalid, read
from cli.main import app
from database.auditing.tables import AUDITED
from tests.api.conftest import Office
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.web.conftest import PAGE, Browsing

PATH = "/v1/configuration"


async def applied(api: httpx2.AsyncClient, file: str, **query: str | bool) -> httpx2.Response:
    return await api.put(PATH, json={"file": file}, params=query)


def test_every_table_of_settings_is_in_the_file_or_not_for_a_reason() -> None:
    assert AUDITED.keys() - IN_FILE.keys() - LEFT_OUT.keys() == set()
    assert not IN_FILE.keys() & LEFT_OUT.keys()


async def test_a_file_changes_what_it_says_once_and_another_brand_becomes_the_same(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient
) -> None:
    content = yaml.safe_load((await as_ada.get(PATH)).text)
    content["skills"]["Returns"] = {"priority": 3, "fallback_skill": "Support"}
    content["skills"]["Support"]["auto_close_seconds"] = 3600
    content["labels"] = {"Refund": {"colour": "orange"}}
    content["closing_reasons"] = {"Sent back": {"skills": ["Returns"]}}
    content["away_reasons"] = ["Lunch"]
    content["consumer_fields"] = {"Tier": {"kind": "choice", "choices": ["Gold"]}}
    content["hours"] = {"account": {"week": {"monday": [{"opens": "09:00", "closes": "17:00"}]}}}
    content["account"]["brand"] = "Wheels"
    content["lines"]["Support line"]["keywords"] = {"refund": "Returns"}
    welcome = {"event": "welcome", "language": "en", "text": "Hello!", "enabled": True}
    content["automatic_messages"].append(welcome)
    file = yaml.safe_dump(content, sort_keys=False)
    planned = await applied(as_ada, file, plan=True)
    assert planned.status_code == 200, planned.text
    told = {(one["action"], one["subject"]) for one in planned.json()}
    assert {("added", "skill"), ("changed", "account"), ("added", "line_keyword")} <= told
    assert "Returns" not in (await as_ada.get(PATH)).text, "a plan changes nothing"
    done = await applied(as_ada, file, seen=planned.headers["X-Position"])
    assert len(done.json()) == len(planned.json())
    assert (await applied(as_ada, file)).json() == [], "applied twice, nothing is to do"
    whole = yaml.safe_load((await as_ada.get(PATH)).text)
    del whole["lines"], whole["automatic_messages"]
    async with strangers.person(strangers.ada) as zoe:
        made = await applied(zoe, yaml.safe_dump(whole))
        assert made.status_code == 200, made.text
        theirs = yaml.safe_load((await zoe.get(PATH)).text)
        assert {name: theirs[name] for name in whole if name != "skills"} == {
            name: whole[name] for name in whole if name != "skills"
        }
        assert whole["skills"].items() <= theirs["skills"].items()


BAD = {
    "version: 2\n": "Line 1, version: this file is of version 2",
    "skills: {}\n": "must say its version",
    "version: 1\nskils: {}\n": "Line 2, skils: this is not known. Do you mean skills?",
    "version: 1\nskills:\n  A: {priorty: 1}\n": "Line 3, skills / A / priorty",
    "version: 1\nskills:\n  A: {priority: often}\n": "Line 3, skills / A / priority",
    "version: 1\nlabels:\n  A: {}\n  A: {}\n": "Line 4, A: this stands here twice.",
    "version: 1\nclosing_reasons:\n  A: {skills: [Nobody]}\n": "there is no skill Nobody",
    "version: 1\nlines:\n  A: {address: '+12025550111', connector: X, skill: Support}\n": "secret",
    "a: &a [x]\nb: [*a, *a]\n": "references (*) are not read",
    "version: 1\n  b: [": "this is no YAML",
    "[" * 100 + "]" * 100: "nested too deeply",
    "- 1\n": "must begin with a version",
    "version: 1\nhours:\n  account: {week: {monday: [{opens: '9'}]}}\n": "hours / account / week",
}


async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_changed(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    before = (await as_ada.get(PATH)).text
    for file, told in BAD.items():
        made = "labels:\n  New: {}\n" if "labels" not in file and "version: 1" in file else ""
        refused = await applied(as_ada, file + made)
        assert refused.status_code == 422, (file, refused.text)
        assert told in refused.json()["detail"], refused.text
    with pytest.raises(FileInvalid, match="not in UTF-8"):
        read(b"version: 1\n# \xe9")
    assert (await as_ada.get(PATH)).text == before


async def test_a_plan_that_is_out_of_date_is_not_applied(
    office: Office, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    file = "version: 1\nlabels:\n  Refund: {colour: red}\n"
    async with browsing(office.ada) as ada:
        shown = (await ada.get("/admin/configuration")).text
        assert "version: 1" in shown
        plan = await ada.post("/admin/configuration/plan", data={"file": file}, headers=PAGE)
        assert "1 change" in plan.text
        seen = plan.text.split('name="seen" value="')[1].split('"')[0]
        await as_ada.post("/v1/skills", json={"name": "Meanwhile"})
        form = {"file": file, "seen": seen}
        late = await ada.post("/admin/configuration", data=form, headers=PAGE)
        assert (late.status_code, "have changed since" in late.text) == (409, True)
        again = await ada.post("/admin/configuration/plan", data={"file": file}, headers=PAGE)
        form["seen"] = again.text.split('name="seen" value="')[1].split('"')[0]
        done = await ada.post("/admin/configuration", data=form, headers=PAGE)
        assert done.headers["HX-Redirect"] == "/admin/configuration?saved=true"


async def test_only_admins_read_and_apply_it(office: Office) -> None:
    async with office.person(office.brand.mia) as mia:
        assert (await mia.get(PATH)).status_code == 403
        assert (await applied(mia, "version: 1\n")).status_code == 403


def test_the_command_shows_a_plan_and_applies_it_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)
    run = CliRunner()
    new = ["account", "Blue", "--admin", "a@b.example", "--password", "a very long password"]
    assert run.invoke(app, new).exit_code == 0
    file = tmp_path / "blue.yaml"
    file.write_text("version: 1\nskills:\n  Support: {}\n")
    planned = run.invoke(app, ["apply", str(file), "--plan"])
    assert "added    skill Support" in planned.output
    assert "added    skill Support" in run.invoke(app, ["apply", str(file), "--yes"]).output
    assert "Nothing to do." in run.invoke(app, ["apply", str(file)]).output
    assert "Support:" in run.invoke(app, ["apply", "-"]).output
    file.write_text("version: 9\n")
    refused = run.invoke(app, ["apply", str(file)])
    assert (refused.exit_code, "of version 9" in refused.output) == (2, True)
