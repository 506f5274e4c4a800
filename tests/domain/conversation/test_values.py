"""Limits, ids and errors: the small values everything else is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    ConversationClosed,
    DomainError,
    MessageEmpty,
    MessageTooLong,
    error_for,
)
from domain.ids import (
    SLUG,
    ConsumerId,
    ConversationId,
    LineId,
    caused_message_id,
    is_uuid,
    line_of_workflow,
    slug,
    workflow_id,
)
from domain.text.limits import (
    check_outgoing,
    cut_incoming,
    cut_outgoing,
    cut_to_units,
    preview,
    units,
)


@pytest.mark.parametrize("text", ["x", " x ", "x" * 1600, "é" * 1600, "😀" * 800])
def test_a_text_that_can_be_sent(text: str) -> None:
    check_outgoing(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(MessageEmpty):
        check_outgoing(text)


def test_a_long_text_is_refused_with_its_count() -> None:
    with pytest.raises(MessageTooLong, match=r"2000 characters; 1600 are allowed\. It"):
        check_outgoing("x" * 2000)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("😀" * 801, 1602),
        ("x" * 1599 + "😀", 1601),
        ("👩‍👩‍👧‍👦" * 146, 1606),
        ("🇫🇷" * 401, 1604),
        ("𝒜" * 801, 1602),
    ],
)
def test_an_emoji_counts_as_the_provider_counts_it(text: str, count: int) -> None:
    assert units(text) == count == len(text.encode("utf-16-le")) // 2
    with pytest.raises(MessageTooLong, match=f"{count} characters; 1600 .* an emoji counts as two"):
        check_outgoing(text)


FAMILY = "👩‍👩‍👧‍👦"
TOGETHER = [
    *(FAMILY, "🇫🇷", "👍🏽", "❤️", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈", "\r\n"),
    *("e\u0301", "ก็", "ที่", "ก\u0e33", "हि", "क्षि", "\u1112\u1161\u11ab", "\uac00\u11a8"),
]


@pytest.mark.parametrize("character", TOGETHER)
def test_no_cut_goes_through_what_people_see_as_one_character(character: str) -> None:
    for before in range(1, len(character) + 1):
        start = "x" * (5000 - before)
        kept, _ = cut_incoming(start + character + "y" * 10)
        assert kept in (start, start + character + "y" * (before - len(character)))
        line = "x" * (1600 - before)
        sent = cut_outgoing(line + character + "y" * 1600)
        assert sent == line or sent.startswith(line + character)
        assert units(sent) <= 1600


def test_flags_are_cut_between_two_of_them() -> None:
    kept, _ = cut_incoming("x" + "🇫🇷" * 3000)
    assert kept == "x" + "🇫🇷" * 2499
    assert cut_incoming("🇫🇷" * 3000)[0] == "🇫🇷" * 2500


def test_a_text_of_nothing_but_accents_is_cut_all_the_same() -> None:
    assert len(cut_incoming("e" + "\u0301" * 9000)[0]) == 5000


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_is_a_beginning_that_fits(text: str, most: int) -> None:
    kept = cut_to_units(text, most)
    assert text.startswith(kept)
    assert units(kept) <= most
    assert kept == text or units(text) > most


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


def test_messages_of_one_cause_always_have_the_same_ids() -> None:
    conversation = ConversationId("0198c2f0-0000-7000-8000-000000000001")
    assert caused_message_id(conversation, "key", 1) == "2ebb5ff5-cf48-5c85-8f41-5da414d6f87b"
    assert caused_message_id(conversation, "key", 2) == "20ed378e-c1ac-54e2-bed6-2821fef70b91"


@given(st.lists(st.tuples(st.uuids(), st.uuids(), st.integers(1, 500)), unique=True, max_size=20))
def test_messages_of_two_causes_never_share_an_id(
    written: list[tuple[object, object, int]],
) -> None:
    made = {
        caused_message_id(ConversationId(str(one)), str(cause), nth) for one, cause, nth in written
    }
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
def test_uuids_are_told_from_other_ids(text: str, expected: bool) -> None:
    assert is_uuid(text) is expected


def _all_errors(error: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Return all refusals but those of forms, which say the same of single fields."""
    below = (child for child in error.__subclasses__() if child.__module__ != "web.forms")
    return [error, *(one for child in below for one in _all_errors(child))]


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
    assert ConversationClosed().detail.startswith("This conversation is closed.")
