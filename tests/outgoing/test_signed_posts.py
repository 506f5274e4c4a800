"""Posts to customers' programs: signed, bounded, and to no address that is not allowed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest
from standardwebhooks import WebhookVerificationError

from media import addresses
from outgoing.signed_posts import PostOutcome, PostResult, SignedPost, SignedPosts
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import DRIPPING, HANGING_UP, Receiver, receiver

OLD, NEW = "whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8
LOOPBACK = ip_network("127.0.0.0/8")
BODY = '{"type": "ping", "wörter": "ja"}'.encode()


@pytest.fixture
async def posts() -> AsyncIterator[SignedPosts]:
    async with SignedPosts([LOOPBACK]) as posts:
        yield posts


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as there:
        yield there


async def _post(
    posts: SignedPosts, url: str, *, seconds: float = 5.0, keep: int = 1000
) -> PostResult:
    post = SignedPost(url, "evt_1", BODY, [NEW, OLD])
    return await posts.post(post, at=datetime.now(UTC), seconds=seconds, keep=keep)


async def test_a_post_is_verified_with_each_secret_in_use_and_with_no_other(
    posts: SignedPosts, there: Receiver
) -> None:
    there.answers = [answer(200, b'{"reply": "hello"}')]
    result = await _post(posts, f"{there.url}/hooks?brand=a")
    assert (result.outcome, result.status) == (PostOutcome.taken, 200)
    assert (result.body, result.is_whole) == (b'{"reply": "hello"}', True)
    [post] = there.posts
    assert (post.path, post.id, post.body) == ("/hooks?brand=a", "evt_1", BODY)
    post.verify(OLD)
    post.verify(NEW)
    with pytest.raises(WebhookVerificationError):
        post.verify("whsec_" + "bm90" * 8)


async def test_what_a_receiver_answers_is_told_apart(posts: SignedPosts, there: Receiver) -> None:
    there.answers = [
        answer(204),
        answer(307, Location=f"{there.url}/elsewhere"),
        answer(410),
        answer(404),
        answer(503, Retry_After="120"),
        answer(429, Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=90))),
        HANGING_UP,
        b"SSH-2.0-OpenSSH\r\n",
    ]
    results = [await _post(posts, there.url) for _ in there.answers.copy()]
    assert [result.outcome.value for result in results] == [
        *("taken", "redirected", "gone", "refused", "failed", "throttled", "broken", "broken")
    ]
    assert results[4].retry_after == 120
    assert 80 < (results[5].retry_after or 0) <= 90
    assert {post.path for post in there.posts} == {"/"}  # no redirect was followed


async def test_a_slow_or_endless_answer_ends_at_the_deadline_or_the_bound(
    posts: SignedPosts, there: Receiver
) -> None:
    there.answers = [DRIPPING, answer(200, b"y" * 5000)]
    slow = await _post(posts, there.url, seconds=2)
    assert (slow.outcome, slow.status, slow.is_whole) == (PostOutcome.too_slow, 200, False)
    long = await _post(posts, there.url, keep=100)
    assert (long.outcome, long.body, long.is_whole) == (PostOutcome.taken, b"y" * 100, False)


async def test_nothing_answers_or_answers_without_tls(posts: SignedPosts, there: Receiver) -> None:
    assert (await _post(posts, "http://127.0.0.1:1")).outcome is PostOutcome.unreachable
    assert (await _post(posts, "https://nowhere.invalid")).outcome is PostOutcome.unreachable
    plain = await _post(posts, there.url.replace("http:", "https:"))
    assert plain.outcome is PostOutcome.no_tls


async def test_a_name_is_checked_each_time_it_is_connected_to(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to = ["93.184.216.34", "127.0.0.1"]
    monkeypatch.setattr(addresses, "addresses_of", lambda host, port: [leads_to[-1]])
    async with SignedPosts() as posts:
        result = await _post(posts, "https://receiver.example.com")
    assert result.outcome is PostOutcome.address_refused
    assert not there.posts


async def test_within_allowed_networks_nothing_else_is_reached(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"both.example.com": ["127.0.0.1", "10.0.0.1"], "public.example.com": ["8.8.8.8"]}
    monkeypatch.setattr(addresses, "addresses_of", lambda host, port: found[host])
    port = there.url.rpartition(":")[2]
    async with SignedPosts([LOOPBACK]) as posts:
        outcomes = [
            (await _post(posts, url)).outcome
            for url in (
                f"http://both.example.com:{port}",
                "http://public.example.com",  # without TLS
                "https://public.example.com:22",
            )
        ]
    assert outcomes == [PostOutcome.address_refused] * 3
