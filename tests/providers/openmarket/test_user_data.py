"""Hexadecimal content: headers of parts, checked against an SMPP library, and charsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import consts, gsm

from domain.text.joining import joined, whole
from providers.contract import TextPart
from providers.openmarket.user_data import decoded, split

LATIN = "Grüße, naïve café — 100 % déjà vu! "
TEXTS = (
    *("Hello", "Two\nlines\r\n", "50 € and 🙂", "Ünïcödé", "नमस्ते दुनिया", "Привет, мир", "Γειά σου"),
    *("שלום עולם", "مرحبا بالعالم", "สวัสดีชาวโลก", "გამარჯობა", "Xin chào thế giới"),
)


def test_parts_of_an_smpp_library_are_read_and_joined() -> None:
    words = "A long story, told in many parts. " * 12
    parts, _, esm_class = gsm.make_parts(words)
    assert esm_class == consts.SMPP_GSMFEAT_UDHI
    found = [split(part) for part in parts]
    places = [part for part, _ in found if part]
    assert [(part.number, part.total) for part in places] == [(n, 3) for n in (1, 2, 3)]
    assert len({part.reference for part in places}) == 1
    assert "".join(decoded(content) for _, content in found) == words


@given(st.text(alphabet="Привет, мир! 你好 🙂", min_size=80, max_size=300))
def test_parts_in_utf16_of_an_smpp_library_are_whole(words: str) -> None:
    parts, _, _ = gsm.make_parts(words, consts.SMPP_ENCODING_ISO10646)
    joined = b"".join(split(part)[1] for part in parts)
    assert joined.decode("utf-16-be") == words
    assert [place.number for part in parts if (place := split(part)[0])] == [
        number for number in range(1, len(parts) + 1) if len(parts) > 1
    ]


@pytest.mark.parametrize("charset", ["utf-16-be", "utf-8"])
def test_an_emoji_cut_between_two_parts_is_whole_once_they_are_joined(charset: str) -> None:
    halves = ("Привет \ud83d", "\ude42, мир")
    first, second = (decoded(half.encode(charset, "surrogatepass")) for half in halves)
    assert joined(2, {1: first, 2: second}) == "Привет 🙂, мир"


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("050003a70301", TextPart("a7", 1, 3)),
        ("060804a7b80302", TextPart("a7b8", 2, 3)),
        ("0b05041581000000 03a70301", TextPart("a7", 1, 3)),
        ("0b 0003a70301 0504 15810000", TextPart("a7", 1, 3)),
        ("0b 0003010201 0804 00070505", TextPart("0007", 5, 5)),
        ("0b 2401 01 2501 02 0003a70202", TextPart("a7", 2, 2)),
        ("050003a70101", None),
        ("050003a70000", None),
        ("050003a70304", None),
        ("050003a70300", None),
        ("0400 02a703", None),
        ("050009a70301", None),
        ("0605040b8423f0", None),
        ("0100", None),
        ("00", None),
    ],
)
def test_information_elements_are_walked_and_nonsense_among_them_is_no_part(
    header: str, part: TextPart | None
) -> None:
    octets = bytes.fromhex(header)
    assert split(octets + b"Hello") == (part, b"Hello")


@pytest.mark.parametrize("octets", [b"", b"\x05\x00\x03", b"\xff" * 100, b"Hello"])
def test_a_header_longer_than_its_content_is_none(octets: bytes) -> None:
    assert split(octets) == (None, octets)


def test_references_of_8_and_of_16_bits_are_never_the_same() -> None:
    short, _ = split(bytes.fromhex("050003a70301"))
    long, _ = split(bytes.fromhex("06080400a70301"))
    assert short is not None
    assert long is not None
    assert short.reference != long.reference


@pytest.mark.parametrize("words", TEXTS)
def test_a_text_is_read_in_utf8_and_in_utf16(words: str) -> None:
    assert decoded(words.encode()) == words
    assert decoded(words.encode("utf-16-be")) == words
    assert decoded(("\ufeff" + words).encode("utf-16-be")) == words


@pytest.mark.parametrize("words", ["Grüße!", "caf\xe9", "señor", "d\xe9j\xe0 vu"])
def test_a_text_that_can_be_neither_is_latin_1(words: str) -> None:
    assert decoded(words.encode("latin-1")) == words


def test_a_text_that_was_already_garbled_stays_as_it_is() -> None:
    assert decoded("\ufffdA".encode()) == "\ufffdA"


@given(st.binary(max_size=200))
def test_any_content_becomes_a_text_that_can_be_stored(octets: bytes) -> None:
    _, content = split(octets)
    words = decoded(content)
    assert "\0" not in words
    whole(words).encode()  # the other half of a surrogate pair may be in the next part


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=70))
def test_utf8_without_control_characters_is_never_misread(words: str) -> None:
    assert decoded(words.encode()) == words
