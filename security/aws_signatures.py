"""Signatures of requests to S3 and services like it: AWS Signature Version 4.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "s3"
UNRESERVED = "-_.~"
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AwsKey:
    """An access key: its id, and its secret."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Unsigned:
    """A request. `path`: escaped already (`escaped_path`); `headers`: those to sign, beside host.

    `body_hash`: SHA-256 of the body, in hex.
    """

    method: str
    host: str
    path: str
    query: Query = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body_hash: str = sha256(b"").hexdigest()


def escaped_path(path: str) -> str:
    """Return a path as requests to S3 have it: all but slashes and plain characters escaped."""
    return quote(path, safe="/" + UNRESERVED)


def escaped_query(query: Query) -> str:
    """Return a query in the order that is signed."""
    pairs = sorted((quote(k, safe=UNRESERVED), quote(v, safe=UNRESERVED)) for k, v in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def signed_headers(request: Unsigned, key: AwsKey, region: str, at: datetime) -> Mapping[str, str]:
    """Return the headers of a request with those that sign it, without its host."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    own = {"x-amz-content-sha256": request.body_hash, "x-amz-date": moment}
    headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    headers |= own
    signed = dict(sorted((headers | {"host": request.host}).items()))
    names = ";".join(signed)
    canonical = "\n".join(
        (
            *(request.method, request.path, escaped_query(request.query)),
            *(f"{name}:{value}" for name, value in signed.items()),
            *("", names, request.body_hash),
        )
    )
    scope = f"{moment[:8]}/{region}/{SERVICE}/aws4_request"
    to_sign = "\n".join((ALGORITHM, moment, scope, sha256(canonical.encode()).hexdigest()))
    signature = hmac.new(_signing_key(key, scope), to_sign.encode(), sha256).hexdigest()
    proof = f"{ALGORITHM} Credential={key.id}/{scope},SignedHeaders={names},Signature={signature}"
    return headers | {"authorization": proof}


def _signing_key(key: AwsKey, scope: str) -> bytes:
    derived = f"AWS4{key.secret}".encode()
    for step in scope.split("/"):
        derived = hmac.new(derived, step.encode(), sha256).digest()
    return derived
