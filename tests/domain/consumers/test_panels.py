"""Addresses of panels: the host stays, and values never become anything but values."""

import pytest

from domain.consumers.panels import frame_sources, panel_template
from domain.errors import Invalid

KNOWN = ("number", "name", "conversation_id", "order")
VALUES = {"number": "+15550200004", "name": "Mia & Söhne/?#..", "conversation_id": "c1"}


def test_values_are_percent_encoded_in_path_and_query() -> None:
    template = panel_template(
        "https://CRM.Example.com:8443/c/{name}/tel?n={number}&o={order}#top", KNOWN
    )
    assert template.origin == "https://crm.example.com:8443"
    assert template.places == ("name", "number", "order")
    filled = template.filled(VALUES)
    assert filled.url == (
        "https://crm.example.com:8443/c/Mia%20%26%20S%C3%B6hne%2F%3F%23../tel"
        "?n=%2B15550200004&o=#top"
    )


def test_a_place_in_the_path_without_a_value_leads_nowhere() -> None:
    template = panel_template("https://crm.example.com/orders/{order}?n={number}", KNOWN)
    assert template.filled(VALUES).url is None
    assert template.filled(VALUES).missing == ("order",)
    for dots in (".", ".."):
        found = template.filled(VALUES | {"order": dots})
        assert (found.url, found.missing) == (None, ("order",))
    encoded = template.filled(VALUES | {"order": "%2e%2e"}).url
    assert encoded == "https://crm.example.com/orders/%252e%252e?n=%2B15550200004"


def test_an_address_without_a_path_gets_one() -> None:
    assert panel_template("https://crm.example.com?n={number}", KNOWN).filled(VALUES).url == (
        "https://crm.example.com/?n=%2B15550200004"
    )
    assert panel_template("https://bücher.example:443", KNOWN).origin == (
        "https://xn--bcher-kva.example"
    )


@pytest.mark.parametrize(
    "written",
    [
        *("http://crm.example.com/", "javascript:alert(1)", "//crm.example.com", "crm.example.com"),
        *("https://{name}.example.com/", "https://crm.{name}/", "https://crm.example.com:{order}/"),
        *("https://user:pw@crm.example.com/", "https://crm.example.com\\@evil.example/"),
        *("https://crm.example.com;script-src *", "https://*.example.com/", "https://*/"),
        *("https://crm.example.com 'unsafe-inline'/", "https://crm.example.com\nx/", "https:///x"),
        *("https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://[::1]/", "https://x"),
        *("https://crm.example.com:0/", "https://crm.example.com:70000/", "https://-a.example/"),
        *("https://a..example/", "https://crm.example.com./x", "https://crm.example.com:/"),
        *("https://crm.example.com/{unknown}", "https://crm.example.com/{name", "https://a.b/}"),
        *("https://crm.example.com/../{name}", "https://crm.example.com/%2e%2E/x"),
        *("https://crm.example.com/#/{name}", 'https://crm.example.com/"x', "https://a.b/{{name}}"),
        "https://crm.example.com/" + "x" * 2000,
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        panel_template(written, KNOWN)


def test_a_policy_lists_hosts_and_nothing_else() -> None:
    assert frame_sources([]) == "'none'"
    origins = ["https://b.example", "https://a.example:8443", "https://b.example"]
    assert frame_sources(origins) == "https://a.example:8443 https://b.example"
    for odd in (
        "https://a.example; script-src *",
        "https://*",
        "*",
        "https://a.example b",
        "'self'",
    ):
        assert frame_sources([odd, "https://b.example"]) == "https://b.example"
