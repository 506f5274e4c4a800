"""Posts JSON to customers' programs, signed.

As Standard Webhooks says, by its library, with each secret in use: during a rotation the receiver
may check the old one or the new one. https://www.standardwebhooks.com
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from standardwebhooks import Webhook

from outgoing.posts import Post, Posts
from outgoing.posts import PostOutcome as PostOutcome
from outgoing.posts import PostResult as PostResult


@dataclass(frozen=True)
class SignedPost:
    """One attempt to post. `id` is the same at each attempt; `secrets` are `whsec_...`."""

    url: str
    id: str
    body: bytes = field(repr=False)
    secrets: Sequence[str] = field(repr=False)


class SignedPosts(Posts):
    """Posts to customers' programs. Close it at the end."""

    async def post(
        self, post: SignedPost, *, at: datetime, seconds: float, keep: int
    ) -> PostResult:
        """Post once, whatever comes back.

        `at`: the time that is signed, of which receivers forgive five minutes; `seconds`: for all
        of it; `keep`: bytes of the answer.
        """
        signed = signature(post, at)
        headers = {"Content-Type": "application/json", **signed}
        return await self.send(Post(post.url, post.body, headers), seconds=seconds, keep=keep)


def signature(post: SignedPost, at: datetime) -> dict[str, str]:
    """Return the headers of Standard Webhooks for a post at a time."""
    signed = [Webhook(secret).sign(post.id, at, post.body.decode()) for secret in post.secrets]
    return {
        "webhook-id": post.id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }
