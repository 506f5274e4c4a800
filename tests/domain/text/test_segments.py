"""Segments: 160 septets alone and 153 joined, or 70 and 67 sixteen-bit units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.segments import CAPACITY, GSM_BASIC, GSM_EXTENDED, Encoding, segments

PHONE_TEXT = st.one_of(
    st.text(alphabet=st.sampled_from(sorted(GSM_BASIC | GSM_EXTENDED)), max_size=700),
    st.text(alphabet=st.sampled_from(["a", "€", "é", "ç", "😀"]), max_size=300),
    st.text(max_size=200),
)


@pytest.mark.parametrize(
    ("text", "count", "units"),
    [
        ("", 0, 0),
        ("hello", 1, 5),
        ("x" * 160, 1, 160),
        ("x" * 161, 2, 161),
        ("x" * 306, 2, 306),
        ("x" * 307, 3, 307),
        ("x" * 1600, 11, 1600),
        ("€", 1, 2),
        ("€" * 80, 1, 160),
        ("€" * 81, 2, 162),
        ("x" * 159 + "€", 2, 161),
        ("x" * 152 + "€" + "x" * 152, 3, 306),
        ("x" * 151 + "€" + "x" * 153, 2, 306),
        ("[]{}\\^~|\f", 1, 18),
        ("àèéìòùÄÖÜäöüñÑß¿¡£¥¤§Å\r\n", 1, 24),
    ],
)
def test_gsm7(text: str, count: int, units: int) -> None:
    measured = segments(text)
    assert (measured.count, measured.units) == (count, units)
    assert (measured.encoding, measured.forced_by) == (Encoding.gsm7, "")


@pytest.mark.parametrize(
    ("text", "count", "units", "forced_by"),
    [
        ("ç", 1, 1, "ç"),
        ("`", 1, 1, "`"),
        ("\t", 1, 1, "\t"),
        ("it’s", 1, 4, "’"),
        ("“quoted”", 1, 8, "“”"),
        ("ы" * 70, 1, 70, "ы"),
        ("ы" * 71, 2, 71, "ы"),
        ("ы" * 134, 2, 134, "ы"),
        ("ы" * 135, 3, 135, "ы"),
        ("😀", 1, 2, "😀"),
        ("😀" * 35, 1, 70, "😀"),
        ("😀" * 36, 2, 72, "😀"),
        ("😀" * 66, 2, 132, "😀"),
        ("😀" * 67, 3, 134, "😀"),
        ("€" * 70 + "ы", 2, 71, "ы"),
        ("x" * 159 + "ç", 3, 160, "ç"),
    ],
)
def test_ucs2_and_what_forced_it(text: str, count: int, units: int, forced_by: str) -> None:
    measured = segments(text)
    assert (measured.count, measured.units) == (count, units)
    assert (measured.encoding, measured.forced_by) == (Encoding.ucs2, forced_by)


def test_the_alphabet_is_the_standards() -> None:
    assert (len(GSM_BASIC), len(GSM_EXTENDED)) == (127, 10)
    assert not GSM_BASIC & GSM_EXTENDED


@given(PHONE_TEXT, PHONE_TEXT)
def test_a_text_that_grows_never_takes_fewer_segments(text: str, more: str) -> None:
    grown = segments(text + more)
    assert grown.count >= segments(text).count
    assert grown.units >= len(text + more)


@given(PHONE_TEXT)
def test_each_segment_fits_and_none_is_spent_for_nothing(text: str) -> None:
    measured = segments(text)
    capacity = CAPACITY[measured.encoding]
    if measured.count <= 1:
        assert measured.units <= capacity.alone
        assert (measured.count == 0) is (text == "")
        return
    assert measured.units > capacity.alone
    assert measured.units <= measured.count * capacity.joined
    # At most one unit a segment stays empty: where an escape or a surrogate pair would split.
    assert measured.units > (measured.count - 1) * (capacity.joined - 1)


@given(PHONE_TEXT)
def test_ucs2_units_are_those_of_utf_16(text: str) -> None:
    measured = segments(text)
    if measured.encoding is Encoding.ucs2:
        assert measured.units == len(text.encode("utf-16-be", "surrogatepass")) // 2


@given(PHONE_TEXT)
def test_what_forced_ucs2_is_named_once_and_in_order(text: str) -> None:
    forced_by = segments(text).forced_by
    assert len(set(forced_by)) == len(forced_by)
    without = "".join(c for c in text if c not in forced_by)
    assert segments(without).encoding is Encoding.gsm7
