"""Which bytes of a file are asked for, by the headers of a request."""

import pytest
from starlette.requests import Request

from api.byte_ranges import asked_range
from api.errors import RangeNotThere

TAG = '"of-these-bytes"'


def _asked(size: int = 10, **headers: str) -> range | None:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return asked_range(Request({"type": "http", "headers": sent}), size, TAG)


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("bytes=0-", range(10)),
        ("bytes=3-", range(3, 10)),
        ("bytes=3-5", range(3, 6)),
        ("bytes=9-9", range(9, 10)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=-4", range(6, 10)),
        ("bytes=-99", range(10)),
        ("Bytes= 3-5", range(3, 6)),
    ],
)
def test_one_range_of_a_file_is_read(written: str, places: range) -> None:
    assert _asked(range=written) == places
    assert _asked(range=written, if_range=TAG) == places


@pytest.mark.parametrize("written", ["bytes=10-", "bytes=10-12", "bytes=-0", f"bytes={'9' * 18}-"])
def test_a_range_behind_the_end_of_a_file_is_refused(written: str) -> None:
    with pytest.raises(RangeNotThere) as refused:
        _asked(range=written)
    assert refused.value.size == 10
    with pytest.raises(RangeNotThere):
        _asked(0, range="bytes=0-")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-3",
            "bytes=1-2,4-5",
            "bytes=a-b",
            "bytes=-1-2",
        ),
        *("lines=1-2", "bytes=0x1-", "bytes=1 -2", f"bytes={'9' * 5000}-", "bytes=²-"),
    ],
)
def test_what_cannot_be_read_asks_for_the_whole_file(written: str) -> None:
    sent = [(b"range", written.encode("latin-1"))]
    assert asked_range(Request({"type": "http", "headers": sent}), 10, TAG) is None


@pytest.mark.parametrize("other", ['"of-others"', f"W/{TAG}", "Sat, 28 Nov 2026 09:00:00 GMT"])
def test_a_range_of_another_file_asks_for_the_whole_one(other: str) -> None:
    assert _asked(range="bytes=3-", if_range=other) is None
