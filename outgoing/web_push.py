"""A push as its browser's push service takes it: encrypted for the browser, signed by us.

RFC 8030 (pushes), 8291 (encryption), 8292 (VAPID).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from outgoing.posts import Post
from security.push_keys import decoded

SIGNED_FOR = timedelta(hours=1)
"""How long a signature counts. Ours: 24 hours at most are allowed (RFC 8292, 2)."""
LONGEST_TOPIC = 32
"""Characters (RFC 8030, 5.4)."""


@dataclass(frozen=True)
class Browser:
    """Where a push goes, and what it is encrypted for: keys in URL-safe base64."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True)
class Signer:
    """The installation: its private key, and where push services can reach who runs it."""

    key: bytes = field(repr=False)
    """PEM."""
    contact: str

    def header(self, endpoint: str, now: datetime) -> str:
        """Return the header by which a push service knows us."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + SIGNED_FOR).timestamp()),
            "sub": self.contact,
        }
        return str(Vapid02.from_pem(self.key).sign(claims)["Authorization"])


def request(
    browser: Browser, signer: Signer, payload: bytes, *, seconds: int, topic: str, is_urgent: bool
) -> Post:
    """Return the request. `seconds`: for which the service keeps it for a browser that is away.

    `topic`: a later push of one topic replaces an earlier one that was not delivered yet.
    """
    body = http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(browser.p256dh),
        auth_secret=decoded(browser.auth),
        version="aes128gcm",
    )
    headers = {
        "Authorization": signer.header(browser.endpoint, datetime.now(UTC)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Topic": topic[:LONGEST_TOPIC],
        "Urgency": "high" if is_urgent else "normal",
    }
    return Post(browser.endpoint, body, headers)
