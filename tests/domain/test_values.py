"""Limits, ids, phone numbers and errors: the small values everything else is made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    ConversationClosed,
    DomainError,
    MessageEmpty,
    MessageTooLong,
    NumberInvalid,
    error_for,
)
from domain.ids import (
    SLUG,
    ConsumerId,
    ConversationId,
    LineId,
    caused,
    is_uuid,
    line_of_workflow,
    slug,
    workflow_id,
)
from domain.limits import check_outgoing, cut_incoming, preview
from domain.phone_numbers import e164, mask


@pytest.mark.parametrize("text", ["x", " x ", "x" * 1600, "😀" * 1600])
def test_a_text_that_can_be_sent(text: str) -> None:
    check_outgoing(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(MessageEmpty):
        check_outgoing(text)


def test_a_long_text_is_refused_with_its_count() -> None:
    with pytest.raises(MessageTooLong, match=r"2000 characters; 1600 are allowed"):
        check_outgoing("x" * 2000)


@pytest.mark.parametrize(
    ("length", "kept", "is_cut"), [(0, 0, False), (5000, 5000, False), (5001, 5000, True)]
)
def test_a_consumers_text_is_cut_at_5000_with_a_mark(length: int, kept: int, is_cut: bool) -> None:
    assert cut_incoming("x" * length) == ("x" * kept, is_cut)


@given(st.text())
def test_a_preview_is_one_short_line(text: str) -> None:
    shown = preview(text)
    assert len(shown) <= 120
    assert shown.splitlines() in ([], [shown])


def test_the_workflow_of_a_line_and_a_consumer() -> None:
    consumer = ConsumerId("5f0c9b1e-7f2a-4c55-9d0e-3b8a6c1d2e4f")
    assert workflow_id(LineId("acme-support"), consumer) == f"sms/acme-support/{consumer}"
    assert line_of_workflow(f"sms/acme-support/{consumer}") == "acme-support"
    for other in ("", "sms", "sms/acme-support", "sms/a/b/c", "task/acme-support/1"):
        assert line_of_workflow(other) is None


def test_what_one_cause_writes_has_the_same_ids_for_ever() -> None:
    conversation = ConversationId("0198c2f0-0000-7000-8000-000000000001")
    assert caused(conversation, "key", 1) == "2ebb5ff5-cf48-5c85-8f41-5da414d6f87b"
    assert caused(conversation, "key", 2) == "20ed378e-c1ac-54e2-bed6-2821fef70b91"


@given(st.lists(st.tuples(st.uuids(), st.uuids(), st.integers(1, 500)), unique=True, max_size=20))
def test_what_two_causes_write_never_has_one_id(written: list[tuple[object, object, int]]) -> None:
    made = {caused(ConversationId(str(one)), str(cause), nth) for one, cause, nth in written}
    assert len(made) == len(written)
    assert all(is_uuid(made_id) for made_id in made)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Support", "acme-support"),
        ("  --A--  ", "a"),
        ("7 days", "7-days"),
        ("北京", "x"),
        ("", "x"),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_a_name_becomes_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_whatever_the_name_the_id_is_well_formed(name: str) -> None:
    assert SLUG.fullmatch(slug(name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0198c2f0-0000-7000-8000-000000000001", True),
        ("", False),
        ("SM0123", False),
        ("0198c2f0-0000-7000-8000-00000000000", False),
    ],
)
def test_what_is_a_uuid(text: str, expected: bool) -> None:
    assert is_uuid(text) is expected


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+15550100001", "+15550100001"),
        (" +1 (555) 010-0001 ", "+15550100001"),
        ("+1.555.010.0001", "+15550100001"),
        ("+44 7911 123456", "+447911123456"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("+49 151 23456789", "+4915123456789"),
        ("＋１５５５０１０００１１", "+15550100011"),
    ],
)
def test_a_number_is_kept_as_e164(written: str, number: str) -> None:
    assert e164(written) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "15550100001",
        "5550100001",
        "+",
        "+1",
        "+1555010",
        "+0000000000",
        "+9" * 9,
        "+155501000011234567890",
        "12345",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NumberInvalid):
        e164(text)


def test_a_masked_number_shows_two_digits() -> None:
    assert mask("+15550100001") == "…01"
    assert not re.search(r"\d{3}", mask("+15550100001"))


def _all_errors(error: type[DomainError] = DomainError) -> list[type[DomainError]]:
    return [error, *(e for child in error.__subclasses__() for e in _all_errors(child))]


def test_every_error_has_its_own_code_and_a_sentence() -> None:
    errors = _all_errors()
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        assert error.sentence.endswith(".")
        assert 400 <= error.status < 600


@pytest.mark.parametrize("kind", _all_errors())
def test_an_error_survives_the_way_through_the_workflow(kind: type[DomainError]) -> None:
    rebuilt = error_for(kind.code, "As it was said.")
    assert type(rebuilt) is kind
    assert rebuilt.detail == "As it was said."


def test_an_unknown_code_is_still_a_refusal() -> None:
    assert type(error_for("from_newer_code", "No.")) is DomainError
    assert ConversationClosed().detail == "This conversation is closed."
