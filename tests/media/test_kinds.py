"""Texts in files: read in the charset they name, whatever they name."""

import pytest

from domain.text.limits import INCOMING
from media.kinds import LONGEST_TEXT, text_in


@pytest.mark.parametrize(
    ("written", "charset", "read"),
    [
        ("Grüße".encode("cp1252"), "windows-1252", "Grüße"),
        ("Grüße".encode("latin-1"), '"ISO-8859-1"', "Grüße"),
        ("Привет".encode("koi8-r"), "KOI8-R", "Привет"),
        ("こんにちは".encode("shift_jis"), "Shift_JIS", "こんにちは"),
        ("こんにちは".encode("iso2022_jp"), "ISO-2022-JP", "こんにちは"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("hello".encode("utf-16"), "utf-16", "hello"),
        (b"hello", "us-ascii; format=flowed", "hello"),
    ],
)
def test_a_text_is_read_in_its_charset(written: bytes, charset: str, read: str) -> None:
    assert text_in(written, f"text/plain; charset={charset}") == read


@pytest.mark.parametrize(
    "charset",
    [
        *("undefined", "idna", "punycode", "rot13", "zlib", "unicode_escape", "utf-7", "a\0b"),
        *("raw_unicode_escape", "é", "\udc80", "..", "string", "charmap", "x" * 90, ""),
    ],
)
def test_what_is_no_charset_of_texts_is_ignored(charset: str) -> None:
    written = b"hello +2AA- \\ud800 " + b"x" * 80
    assert text_in(written, f"text/plain; charset={charset}") == written.decode()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-32", "iso2022_jp", "unknown"])
def test_of_a_very_long_text_the_beginning_is_read(charset: str) -> None:
    name = "utf-8" if charset == "unknown" else charset
    written = ("あ€" if name != "iso2022_jp" else "あい").encode(name) * 3 * LONGEST_TEXT
    read = text_in(written, f"text/plain; charset={charset}")
    assert INCOMING < len(read) <= LONGEST_TEXT
    assert set(read) <= {"あ", "€", "い", "\ufeff"}


def test_halves_of_characters_become_other_characters() -> None:
    assert text_in(b"a\xed\xa0\x80b\0", "text/plain").encode()
