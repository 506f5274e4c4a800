"""Calls to any provider: when to try again, and which answers are read."""

import httpx2
import pytest

from providers.calls import LARGEST_ANSWER, ApiAnswer, call
from providers.failures import VERDICTS, Failure


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("1e308", 86400.0),
    ],
)
async def test_an_answer_says_when_to_try_again(header: str, seconds: float | None) -> None:
    answer = httpx2.Response(429, headers={"Retry-After": header}, text="later")
    found = await called(answer)
    assert (found.status, found.body, found.retry_after) == (429, b"later", seconds)
    assert not found.is_success


async def test_an_answer_is_read_up_to_a_limit() -> None:
    assert len((await called(httpx2.Response(200, content=b"x" * LARGEST_ANSWER))).body) > 1_000_000
    longer = await called(httpx2.Response(200, content=b"x" * (LARGEST_ANSWER + 1)))
    assert len(longer.body) == LARGEST_ANSWER


async def test_a_call_asks_for_an_answer_that_is_not_compressed() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(take))
    await call(http, "POST", "https://api.test/", json={"a": "b"}, headers={"X-Key": "k"})
    assert seen[0].headers["Accept-Encoding"] == "identity"
    assert (seen[0].headers["X-Key"], seen[0].content) == ("k", b'{"a":"b"}')


def test_every_failure_has_a_verdict_with_a_sentence() -> None:
    assert set(VERDICTS) == set(Failure)
    for verdict in VERDICTS.values():
        assert verdict.sentence.endswith(".")


async def called(answer: httpx2.Response) -> ApiAnswer:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer))
    return await call(http, "GET", "https://api.test/")
