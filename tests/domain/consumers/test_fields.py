"""Fields of an account: which values each kind takes, and how they are kept."""

import pytest

from domain.consumers.fields import (
    Field,
    FieldValue,
    Given,
    check_key,
    check_roles,
    checked_choices,
)
from domain.consumers.kinds import FieldKind
from domain.errors import Invalid
from domain.people.roles import Role

CHOICES = ("Gold", "Silver")


def field(kind: FieldKind, *, is_required: bool = False) -> Field:
    return Field(
        *("acme-f", "f", "Tier", kind, CHOICES),
        seen_by=Role.agent,
        edited_by=Role.agent,
        is_required=is_required,
    )


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (FieldKind.text, " A\u202e  4711 ", "A 4711"),
        (FieldKind.text, 4711, "4711"),
        (FieldKind.text, "\u200b", None),
        (FieldKind.number, "12.50", "12.50"),
        (FieldKind.number, 7, "7"),
        (FieldKind.number, "-0", "0"),
        (FieldKind.number, "00012", "12"),
        (FieldKind.date, "2028-02-29", "2028-02-29"),
        (FieldKind.choice, "gold", "Gold"),
        (FieldKind.yes_no, False, False),
        (FieldKind.yes_no, None, None),
        (FieldKind.link, " https://crm.example/1 ", "https://crm.example/1"),
        (FieldKind.link, "", None),
    ],
)
def test_a_value_is_kept_in_one_spelling(
    kind: FieldKind, given: Given, kept: FieldValue | None
) -> None:
    assert field(kind).read(given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (FieldKind.text, "x" * 501),
        (FieldKind.text, True),
        (FieldKind.number, "1,5"),
        (FieldKind.number, "1e5"),
        (FieldKind.number, "NaN"),
        (FieldKind.number, "٣"),
        (FieldKind.date, "2027-02-29"),
        (FieldKind.date, "20270228"),
        (FieldKind.date, "28.02.2027"),
        (FieldKind.choice, "Bronze"),
        (FieldKind.yes_no, "yes"),
        (FieldKind.yes_no, 1),
        (FieldKind.link, "javascript:alert(1)"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_the_fields_name(
    kind: FieldKind, given: Given
) -> None:
    with pytest.raises(Invalid, match=r"^Tier: "):
        field(kind).read(given)


def test_a_required_field_cannot_be_emptied() -> None:
    required = field(FieldKind.text, is_required=True)
    assert required.read("x") == "x"
    for empty in (None, "", " ", "\u200b"):
        with pytest.raises(Invalid, match="Tier is required"):
            required.read(empty)


def test_choices_are_told_apart_and_belong_to_choices() -> None:
    assert checked_choices(FieldKind.choice, [" Gold ", "Silver"]) == ["Gold", "Silver"]
    assert checked_choices(FieldKind.text, []) == []
    for kind, choices in (
        (FieldKind.text, ["Gold"]),
        (FieldKind.choice, []),
        (FieldKind.choice, ["Gold", "gold "]),
        (FieldKind.choice, ["\u200b"]),
        (FieldKind.choice, ["x" * 81]),
    ):
        with pytest.raises(Invalid):
            checked_choices(kind, choices)


def test_what_every_consumer_has_needs_no_field() -> None:
    check_key("order-number")
    with pytest.raises(Invalid, match="has a number already"):
        check_key("number")


def test_nobody_edits_what_they_cannot_see() -> None:
    check_roles(seen_by=Role.agent, edited_by=Role.admin)
    with pytest.raises(Invalid):
        check_roles(seen_by=Role.manager, edited_by=Role.agent)
