"""Each range of a setting exists once: services check what the API documents."""

from dataclasses import fields
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from api.schemas.account import AccountChange as AccountSchema
from api.schemas.brand import LineChange as LineSchema
from api.schemas.brand import NewLine
from api.schemas.consumer_fields import ConsumerFieldChange as ConsumerFieldSchema
from api.schemas.people import AgentChange as AgentSchema
from api.schemas.people import NewAgent
from api.schemas.skills import NewSkill
from api.schemas.skills import SkillChange as SkillSchema
from domain.errors import Invalid
from domain.people.log_in_names import log_in_name, shown_name
from domain.settings.allowed import RANGES, check_setting
from services.changes import Change
from services.configuring import (
    account,
    agents,
    bots,
    closing_reasons,
    connectors,
    consumer_fields,
    endpoints,
    labels,
    lines,
    menus,
    skills,
    teams,
)

CHANGES: list[type[Change]] = [
    account.AccountChange,
    agents.AgentChange,
    bots.BotChange,
    closing_reasons.ClosingReasonChange,
    connectors.ConnectorChange,
    consumer_fields.ConsumerFieldChange,
    endpoints.EndpointChange,
    labels.LabelChange,
    lines.LineChange,
    menus.MenuChange,
    skills.SkillChange,
    teams.TeamChange,
]
SCHEMAS: list[type[BaseModel]] = [
    AccountSchema,
    AgentSchema,
    ConsumerFieldSchema,
    LineSchema,
    NewAgent,
    NewLine,
    NewSkill,
    SkillSchema,
]


def test_every_change_is_looked_at() -> None:
    assert set(CHANGES) == set(Change.__subclasses__())


@pytest.mark.parametrize("change", CHANGES)
def test_every_number_of_a_change_has_a_range(change: type[Change]) -> None:
    numbers = {field.name for field in fields(change) if {int, float} & set(get_args(field.type))}
    assert numbers <= set(RANGES)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_api_documents_the_ranges_that_services_check(schema: type[BaseModel]) -> None:
    documented: dict[str, Any] = schema.model_json_schema()["properties"]
    for name in documented.keys() & RANGES.keys():
        either = [documented[name], *documented[name].get("anyOf", [])]
        [bounds] = [(one["minimum"], one["maximum"]) for one in either if "minimum" in one]
        assert bounds == (RANGES[name].lowest, RANGES[name].highest), name


def test_both_ends_of_a_range_are_allowed_and_what_is_beyond_is_refused() -> None:
    for name, allowed in RANGES.items():
        for value in (allowed.lowest, allowed.highest, None):
            check_setting(name, value)
        for value in (allowed.lowest - 1, allowed.highest + 1):
            with pytest.raises(Invalid, match=name):
                check_setting(name, value)


@pytest.mark.parametrize("email", ["", "you", "you@", "@x.example", "a b@x.example", "ä@x.example"])
def test_what_is_no_address_is_no_log_in_name(email: str) -> None:
    with pytest.raises(Invalid, match="e-mail address"):
        log_in_name(email)


def test_log_in_names_are_in_lower_case_and_names_as_they_are_written() -> None:
    assert log_in_name(" Ann@Acme.Example ") == "ann@acme.example"
    for name in (
        "Ann Émile",
        "山田\u3000太郎",
        "نمی\u200cخواهم",
        "Acme\u00a0GmbH",
        "👨\u200d👩\u200d👧",
    ):
        assert shown_name(f" {name} ") == name
    for name in (
        " ",
        "\u3164",
        "\u200d",
        "x" * 81,
        "two\nlines",
        "two\u2028lines",
        "nul\0",
        "\u202e",
    ):
        with pytest.raises(Invalid):
            shown_name(name)
