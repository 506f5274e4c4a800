"""Names, addresses and notes: what people see is kept, and what nobody sees is not."""

import pytest

from domain.consumers.links import web_link
from domain.consumers.words import (
    LONGEST_NAME,
    email_of_consumer,
    name_of_consumer,
    note_about_consumer,
)
from domain.errors import Invalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Mia\t Lindner\n", "Mia Lindner"),
        ("\u202aMia\u202c", "Mia"),  # as a phone's contacts copy it
        ("Mi\u0301a", "Mía"),
        ("می\u200cرزا", "می\u200cرزا"),  # the joiner belongs to the word
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u202eevil", "evil"),
        ("张伟", "张伟"),
        ("", None),
        (None, None),
        (" \n ", None),
    ],
)
def test_a_name_is_one_line_of_what_people_see(written: str | None, kept: str | None) -> None:
    assert name_of_consumer(written) == kept


@pytest.mark.parametrize(
    "written", ["\u200b", "\u3164", "\u2800 \u115f", "\u200d\u200c", "\u0301", "\u2066\u2069"]
)
def test_a_name_of_invisible_characters_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="no character that can be seen"):
        name_of_consumer(written)


def test_a_name_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(Invalid, match=f"{LONGEST_NAME + 1} characters"):
        name_of_consumer("x" * (LONGEST_NAME + 1))


def test_an_address_of_mail_has_one_at_sign_and_a_host() -> None:
    assert email_of_consumer(" Mia.Li@ACME.example ") == "Mia.Li@acme.example"
    assert email_of_consumer("jörg@köln.example") == "jörg@köln.example"
    assert email_of_consumer(" ") is None
    for odd in ("mia", "a@b", "a b@c.de", "a@@b.de", "a@b@c.de", "<a@b.de>", "x" * 250 + "@b.de"):
        with pytest.raises(Invalid):
            email_of_consumer(odd)


def test_a_note_keeps_its_lines_and_loses_what_nobody_sees() -> None:
    assert note_about_consumer(" Calls\r\nback \u202e\rlater\n\n") == "Calls\nback\nlater"
    assert note_about_consumer("\u200b\n\u200b") is None
    with pytest.raises(Invalid, match="4001 characters"):
        note_about_consumer("x" * 4001)


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "data:text/html,x", "ftp://crm.example", "crm.example", "https:"),
        *("https://user:secret@crm.example/", "https://bank.example@evil.example", "https:///x"),
        *("https://crm.example\\@evil.example", "https://crm.example/a b", "https://[::1", "x" * 9),
        *("https://crm.example/\u202e", "https://crm.example:99999/", "https:crm.example"),
    ],
)
def test_a_link_that_leads_nowhere_or_hides_where_is_refused(link: str) -> None:
    with pytest.raises(Invalid):
        web_link(link)


def test_a_link_to_a_page_is_kept_as_written() -> None:
    for link in ("https://crm.example/kunden?nr=4711#a", "http://10.0.0.1:8080/", "https://[::1]/"):
        assert web_link(f" {link} ") == link
