"""Times as the server writes them: the same vectors test the page's script."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from web.datetimes import clock_at, until_at

ZONE = "Europe/Berlin"
VECTORS: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[1] / "payloads" / "moments.json").read_text()
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["until"])
def test_the_server_says_moments_like_the_vectors(vector: dict[str, str]) -> None:
    at, now = datetime.fromisoformat(vector["at"]), datetime.fromisoformat(vector["now"])
    assert until_at(at, now, ZONE) == vector["until"]
    assert clock_at(at, now, ZONE) == vector["clock"]
