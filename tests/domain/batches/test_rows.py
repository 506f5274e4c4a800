"""Rows of recipients: how numbers are written, and what the other columns are for."""

import pytest

from domain.batches.kinds import BadRow
from domain.batches.numbers import UnreadNumber, is_landline, listed_phone
from domain.batches.rows import (
    GoodRow,
    RefusedRow,
    Row,
    Wording,
    check_template,
    columns_of,
    read_row,
    row_of,
)
from domain.batches.zones import zone_of
from domain.consent.first_texts import FirstTextCheck
from domain.errors import Invalid, MessageEmpty, MessageTooLong

APPEND = FirstTextCheck.append
HERE = 1


def wording(template: str = "Hi {name}", *, adds: bool = False) -> Wording:
    return Wording(template, "Acme", "en", APPEND, adds_how_to_stop=adds)


@pytest.mark.parametrize(
    "written",
    [
        *("16001234567", "+16001234567", "+1 600 123 4567", "1(600)123-4567", "(600) 123-4567"),
        *("6001234567", "001 600 123 4567", "'+16001234567", "16001234567.0", "１6001234567"),
    ],
)
def test_a_number_is_the_same_however_a_list_writes_it(written: str) -> None:
    assert listed_phone(written, HERE).key == "+16001234567"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", BadRow.no_number),
        (" ' ", BadRow.no_number),
        ("1.6E+10", BadRow.number_shortened),
        ("1,60012E+10", BadRow.number_shortened),
        ("030 901820", BadRow.number_invalid),
        ("6001234", BadRow.number_invalid),
        ("+1600", BadRow.number_invalid),
        ("Ann", BadRow.number_invalid),
        ("1" * 200, BadRow.number_invalid),
    ],
)
def test_a_number_that_cannot_be_read_says_why(written: str, reason: BadRow) -> None:
    with pytest.raises(UnreadNumber) as refused:
        listed_phone(written, HERE)
    assert refused.value.reason is reason


def test_a_national_number_is_never_sent_to_another_country() -> None:
    with pytest.raises(UnreadNumber):
        listed_phone("6001234567", 49)
    assert listed_phone("4915123456789", HERE).key == "+4915123456789"


def test_a_landline_is_known_where_its_country_tells_it() -> None:
    assert is_landline("+4930901820")
    assert is_landline("+18005550199")
    assert is_landline("+448001111111")
    assert not is_landline("+4915123456789")
    assert not is_landline("+12125550199")


def test_numbers_with_the_same_quiet_hours_are_one_zone() -> None:
    florida, next_door, germany = "+13055551234", "+13055559876", "+4915123456789"
    assert zone_of(florida) == zone_of(next_door) != zone_of(germany)


def test_columns_fill_the_text_whatever_their_case_and_order() -> None:
    columns = columns_of(["Name ", "Handynummer", "ORDER  No", "other"], "{name}: {order no}", None)
    row = row_of(2, ["Ann", "+15550100123", "7"], columns)
    read = read_row(row, wording("{Name}: {Order no} from {brand}"), HERE)
    assert isinstance(read, GoodRow)
    assert (read.text, read.segments, read.first_segments) == ("Ann: 7 from Acme", 1, 1)


@pytest.mark.parametrize(
    ("heading", "template", "evidence"),
    [
        (["name", "city"], "Hi", None),
        ([], "Hi", None),
        (["number"], "Hi {name}", None),
        (["number"], "Hi", "form"),
        (["number"] + ["x"] * 1000, "Hi", None),
        (["+15550100123"], "Hi", None),
    ],
)
def test_a_heading_that_lacks_something_is_refused(
    heading: list[str], template: str, evidence: str | None
) -> None:
    with pytest.raises(Invalid):
        columns_of(heading, template, evidence)


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("", MessageEmpty),
        ("Hi {}", Invalid),
        ("Hi {name", Invalid),
        ("Hi name}", Invalid),
        ("x" * 1601, MessageTooLong),
    ],
)
def test_a_text_that_could_never_be_filled_is_refused(
    template: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        check_template(template)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": ""}, BadRow.value_missing),
        ({}, BadRow.value_missing),
        ({"name": "x" * 1599}, BadRow.text_too_long),
        ({"name": "x" * 5000}, BadRow.text_too_long),
        ({"name": "\0"}, BadRow.not_text),
    ],
)
def test_a_row_that_makes_no_text_says_why(values: dict[str, str], reason: BadRow) -> None:
    read = read_row(Row(7, "+15550100123", values), wording(), HERE)
    assert isinstance(read, RefusedRow)
    assert (read.line, read.reason) == (7, reason)


def test_a_text_counts_as_the_first_one_too_and_says_how_to_stop_once() -> None:
    read = read_row(Row(2, "+15550100123", {"name": "x" * 120}), wording(), HERE)
    assert isinstance(read, GoodRow)
    assert (read.segments, read.first_segments) == (1, 1)
    longer = read_row(Row(2, "+15550100123", {"name": "x" * 150}), wording(), HERE)
    assert isinstance(longer, GoodRow)
    assert (longer.segments, longer.first_segments) == (1, 2)
    told = read_row(Row(2, "+15550100123", {"name": "Ann"}), wording(adds=True), HERE)
    assert isinstance(told, GoodRow)
    assert told.text == "Hi Ann\nReply STOP to opt out."


def test_a_value_is_never_read_as_a_placeholder_and_what_forces_unicode_is_told() -> None:
    read = read_row(Row(2, "+15550100123", {"name": "{brand} 😀"}), wording(), HERE)
    assert isinstance(read, GoodRow)
    assert (read.text, read.forced_by) == ("Hi {brand} 😀", "😀")
