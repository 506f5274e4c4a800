"""The changelog of the API names whatever is not as it was released."""

import json

import pytest

from tests.api.documented import DOCUMENT
from tests.docs.pages import ROOT
from tests.stable.api import RELEASED, Short, added, breaking, named, short
from tests.stable.names import asked_models

PAGE = ROOT / "docs" / "api-changelog.md"
BEFORE: Short = json.loads(RELEASED.read_text())
NOW = short(DOCUMENT)


def test_the_changelog_names_what_programs_must_know() -> None:
    """Name the operation or `Model.field` as code under "Unreleased" in docs/api-changelog.md."""
    known = named(PAGE.read_text())
    asked = asked_models(DOCUMENT["components"]["schemas"])
    assert set(breaking(BEFORE, NOW, asked)) - known == set()


def test_the_changelog_names_every_new_operation_or_what_its_address_begins_with() -> None:
    known = named(PAGE.read_text())
    beginnings = tuple(name for name in known if name.startswith("/v1/"))
    missing = added(BEFORE, NOW) - known
    assert {one for one in missing if not one.split()[1].startswith(beginnings)} == set()


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ({"name!": "string"}, {"name!": "string", "tone": "string"}, []),
        ({"name!": "string"}, {}, ["Skill.name"]),
        ({"name": "string"}, {"name!": "string"}, ["Skill.name"]),
        ({"name": "string"}, {"name": "integer"}, ["Skill.name"]),
        ({}, {"tone!": "string"}, ["Skill.tone"]),
    ],
)
def test_a_field_that_is_gone_changed_or_suddenly_needed_is_noticed(
    before: dict[str, str], now: dict[str, str], found: list[str]
) -> None:
    old: Short = {"operations": {}, "models": {"Skill": before}}
    new: Short = {"operations": {}, "models": {"Skill": now}}
    assert list(breaking(old, new, {"Skill"})) == found


def test_an_operation_that_is_gone_or_asks_for_more_is_noticed() -> None:
    old: Short = {"operations": {"GET /a": {}, "GET /b": {"query q": "string"}}, "models": {}}
    new: Short = {"operations": {"GET /b": {"query q!": "string"}}, "models": {}}
    assert list(breaking(old, new, ())) == ["GET /a", "GET /b query q"]
