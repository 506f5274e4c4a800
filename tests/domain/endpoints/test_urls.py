"""Which addresses can be entered for endpoints and bots."""

import pytest

from domain.endpoints.urls import UrlRefused, receiver_url


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.com", "https://example.com/"),
        (" https://Example.com:443/a/b?c=d ", "https://example.com/a/b?c=d"),
        ("https://example.com:8443/hook", "https://example.com:8443/hook"),
        ("https://bücher.example/%C3%A4", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
        ("https://[2606:4700:4700::1111]/x", "https://[2606:4700:4700::1111]/x"),
    ],
)
def test_an_address_of_the_internet_is_kept_in_one_form(written: str, kept: str) -> None:
    assert str(receiver_url(written)) == kept


REFUSED_EVERYWHERE = [
    *("", "example.com", "file:///etc/passwd", "ftp://example.com", "https://", "https:///x"),
    *("https://user:secret@example.com", "https://@example.com", "https://example.com/#x"),
    *("https://exa mple.com", "https://example.com\\@10.0.0.1", "https://example.com:0"),
    *(
        "https://example.com:99999",
        "https://example.com:x",
        "https://[::1",
        "https://example.com/ä",
    ),
    *("https://2130706433", "https://0x7f000001", "https://127.1", "https://0x7f.0.0.1"),
    *(
        "https://017700000001",
        "https://a.1",
        "https://-ä-.com",
        "https://example.com/" + "x" * 2000,
    ),
]
PRIVATE = [
    *("http://example.com", "https://example.com:22", "https://example.com:8080"),
    *("https://localhost", "https://LOCALHOST.", "https://db.internal", "https://printer.local"),
    *("https://intranet", "https://10.0.0.1", "https://127.0.0.1", "https://169.254.169.254"),
    *("https://[::1]", "https://[fd00::1]", "https://[::ffff:127.0.0.1]"),
]


@pytest.mark.parametrize("written", REFUSED_EVERYWHERE + PRIVATE)
def test_any_other_address_is_refused(written: str) -> None:
    with pytest.raises(UrlRefused):
        receiver_url(written)


@pytest.mark.parametrize("written", PRIVATE)
def test_an_installation_that_allows_its_own_networks_takes_their_addresses(written: str) -> None:
    assert receiver_url(written, has_own_networks=True)


@pytest.mark.parametrize("written", REFUSED_EVERYWHERE)
def test_but_none_that_means_something_else_than_it_seems(written: str) -> None:
    with pytest.raises(UrlRefused):
        receiver_url(written, has_own_networks=True)
