"""What a webhook costs to read grows no faster than its size, whatever is in it."""

import json
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from tests.providers.kit.case import Case
from tests.providers.kit.cases import EVERY
from tests.providers.kit.webhooks import inbound, posted, read

SIZES = (12_000, 48_000)
"""Bytes. The door takes 64 kB."""
GROWTH = 4 * 1.5
"""Four times the size, and room for what grows in steps."""
SPARE_CALLS, SPARE_BYTES = 2_000, 400_000
LARGEST = 25_000_000
"""Bytes of memory that reading one webhook may take."""


def many_names(size: int) -> dict[str, object]:
    return {f"k{number}": number for number in range(size // 12)}


def a_long_name_above_many(size: int) -> dict[str, object]:
    return {"k" * (size // 2): many_names(size // 2)}


def long_names_in_each_other(size: int) -> dict[str, object]:
    inner: object = many_names(size // 2)
    for letter in "abcd":
        inner = {letter * (size // 8): inner}
    return {"outer": inner}


def many_objects(size: int) -> dict[str, object]:
    return {"list": [{"a": "b"}] * (size // 12)}


def long_words(size: int) -> dict[str, object]:
    return {"words": "\\\u0000é " * (size // 18)}


JSON = [many_names, a_long_name_above_many, long_names_in_each_other, many_objects, long_words]


def xml_of(inside: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><mobileOriginate ticketId="T-1">'
        '<source ton="1" address="12515550145"/><destination ton="3" address="222111"/>'
        f'<message type="text"><content>Hello</content></message>{inside}</mobileOriginate>'
    ).encode()


OTHERS: dict[str, Callable[[int], bytes]] = {
    "attributes": lambda size: xml_of(
        "<a " + " ".join(f'k{number}="v"' for number in range(size // 9)) + "/>"
    ),
    "elements": lambda size: xml_of("<a>b</a>" * (size // 8)),
    "long names": lambda size: xml_of(
        f"<{'a' * (size // 3)}>{'<b>c</b>' * (size // 24)}</{'a' * (size // 3)}>"
    ),
    "namespaces": lambda size: xml_of(
        f'<a xmlns="{"n" * (size // 2)}">{"<b>c</b>" * (size // 16)}</a>'
    ),
    "comments": lambda size: xml_of("<!-- - -->" * (size // 10)),
    "references": lambda size: xml_of("<a>" + "&#65;" * (size // 5) + "</a>"),
    "declaration": lambda size: b"<?xml " + b" encoding" * (size // 9) + b"?><a/>",
    "spaces": lambda size: b" " * size + b"<a/>",
    "parameters": lambda size: b"&".join([b"From=%2B15550123"] * (size // 17)),
    "percent": lambda size: b"Body=" + b"%C3%A9" * (size // 6),
    "digits": lambda size: b'{"code": ' + b"9" * size + b"}",
    "openings": lambda size: b"[{" * (size // 2),
    "escapes": lambda size: b'{"a": "' + rb"\ud83d" * (size // 6) + b'"}',
    "same names": lambda size: b"{" + b'"a": 1,' * (size // 7) + b'"a": 2}',
    "octets": lambda size: json.dumps(
        {
            "mobileOriginate": {
                "ticketId": "T-1",
                "source": {"address": "12515550145"},
                "destination": {"address": "222111"},
                "message": {
                    "type": "hexEncodedText",
                    "udh": True,
                    "content": "7f" + "00" * (size // 2),
                },
            }
        }
    ).encode(),
}


def with_more(case: Case, more: dict[str, object]) -> bytes | None:
    """Return a text's webhook with more in its innermost object; None if it is not JSON."""
    try:
        body: dict[str, Any] = json.loads(inbound(case))
    except ValueError:
        return None
    inner = body
    while isinstance(inner, dict) and any(isinstance(one, dict) for one in inner.values()):
        inner = next(one for one in inner.values() if isinstance(one, dict))
    inner.update(more)
    return json.dumps(body).encode()


def work(case: Case, body: bytes) -> tuple[int, int]:
    """Return the calls that reading a body takes, and the memory at its peak."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    request = posted(case, body)
    tracemalloc.start()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(case, request)
    finally:
        sys.setprofile(before)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return calls, peak


def grows_with_its_size(case: Case, small: bytes, large: bytes) -> bool:
    read(case, posted(case, small))  # what is made once is made
    (calls, peak), (more_calls, higher) = work(case, small), work(case, large)
    assert more_calls <= calls * GROWTH + SPARE_CALLS
    assert higher <= min(peak * GROWTH + SPARE_BYTES, LARGEST)
    return True


@EVERY
@pytest.mark.parametrize("more", JSON)
def test_reading_a_text_with_anything_else_in_it_costs_what_its_size_does(
    case: Case, more: Callable[[int], dict[str, object]]
) -> None:
    small, large = (with_more(case, more(size)) for size in SIZES)
    assert small is None or large is None or grows_with_its_size(case, small, large)


@EVERY
@pytest.mark.parametrize("kind", OTHERS)
def test_reading_odd_bodies_costs_what_their_size_does(case: Case, kind: str) -> None:
    assert grows_with_its_size(case, *(OTHERS[kind](size) for size in SIZES))
