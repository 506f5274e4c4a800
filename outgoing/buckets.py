"""Files into customers' S3 buckets: signed, in parts, and to checked addresses only.

Amazon's and others' clients cannot be held to checked addresses, so these are the six calls that
are needed. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from xml.sax.saxutils import escape

from domain.endpoints.outcomes import PostOutcome
from domain.endpoints.urls import UrlRefused, receiver_url
from outgoing.bucket_problems import BucketProblem, problem_of
from outgoing.posts import Post, PostResult, Posts
from security.aws_signatures import (
    AwsKey,
    Query,
    Unsigned,
    escaped_path,
    escaped_query,
    signed_headers,
)

CALL_SECONDS = 30.0
PART_SECONDS = 120.0
"""To upload a part. Ours: 8 MiB take a minute at 1 Mbit/s."""
WHOLE_SECONDS = 300.0
"""To put parts together: of large files it takes minutes, as Amazon says."""
ANSWER_BYTES = 64 * 1024
UPLOAD_ID = re.compile(r"<UploadId>([^<]{1,2000})</UploadId>")
MADE_BY = "x-amz-meta-switchboard-export"
"""Which export an object is of, so that whoever comes back can tell that it is whole."""


@dataclass(frozen=True)
class Place:
    """A bucket. `endpoint`: the address of its service, None for Amazon's own."""

    bucket: str
    region: str
    key: AwsKey
    endpoint: str | None = None

    @property
    def url(self) -> str:
        """Return the bucket's address, without a slash at its end."""
        if self.endpoint is not None:
            return f"{self.endpoint.rstrip('/')}/{self.bucket}"
        domain = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        service = f"s3.{self.region}.{domain}"
        # A certificate for any bucket covers one label of a name.
        is_in_path = "." in self.bucket
        return (
            f"https://{service}/{self.bucket}" if is_in_path else f"https://{self.bucket}.{service}"
        )


@dataclass(frozen=True)
class Object:
    """An object to write. `made_by`: the id of its export."""

    name: str
    content_type: str
    made_by: str

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what is kept with it."""
        return {"content-type": self.content_type, MADE_BY: self.made_by}


@dataclass(frozen=True)
class _Call:
    method: str
    name: str
    query: Query = ()
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = CALL_SECONDS


class Buckets:
    """Writes objects. Every method raises `BucketProblem`, and repeats nothing itself."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    async def put(
        self, place: Place, what: Object, data: bytes, *, seconds: float = PART_SECONDS
    ) -> None:
        """Write a small object whole; one of this name is replaced. `seconds`: to be answered."""
        of = (what.name, (), data, what.headers, seconds)
        await self._done(place, _Call("PUT", *of))

    async def delete(self, place: Place, name: str) -> None:
        """Delete an object."""
        await self._done(place, _Call("DELETE", name))

    async def begin(self, place: Place, what: Object) -> str:
        """Begin an upload in parts, and return its id. The object is not there before `finish`."""
        call = _Call("POST", what.name, [("uploads", "")], headers=what.headers)
        answer = await self._done(place, call)
        found = UPLOAD_ID.search(_text(answer))
        if found is None:
            raise BucketProblem("NoUploadId")
        return found[1]

    async def put_part(
        self, place: Place, name: str, upload_id: str, number: int, data: bytes
    ) -> str:
        """Upload a part, and return its tag; done again, it replaces the part by itself."""
        query = [("partNumber", str(number)), ("uploadId", upload_id)]
        answer = await self._done(place, _Call("PUT", name, query, data, seconds=PART_SECONDS))
        return answer.headers.get("etag", "")

    async def finish(self, place: Place, name: str, upload_id: str, tags: Sequence[str]) -> None:
        """Make one object of all parts."""
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(tag)}</ETag></Part>"
            for number, tag in enumerate(tags, start=1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        call = _Call("POST", name, [("uploadId", upload_id)], body, seconds=WHOLE_SECONDS)
        answer = await self._done(place, call)
        if "<Error>" in _text(answer):  # answered with 200 before it was known
            raise problem_of(_text(answer), None)

    async def give_up(self, place: Place, name: str, upload_id: str) -> None:
        """Forget the parts of an upload."""
        await self._done(place, _Call("DELETE", name, [("uploadId", upload_id)]))

    async def has(self, place: Place, what: Object, size: int) -> bool:
        """Say whether an export's object is there whole."""
        answer = await self._call(place, _Call("HEAD", what.name))
        is_there = answer.outcome is PostOutcome.taken
        found = (answer.headers.get(MADE_BY), answer.headers.get("content-length"))
        return is_there and found == (what.made_by, str(size))

    async def _done(self, place: Place, call: _Call) -> PostResult:
        answer = await self._call(place, call)
        if answer.outcome is not PostOutcome.taken:
            raise problem_of(_text(answer), answer)
        return answer

    async def _call(self, place: Place, call: _Call) -> PostResult:
        try:
            url = receiver_url(place.url, has_own_networks=self._posts.has_own_networks)
        except UrlRefused as error:
            raise BucketProblem("UrlRefused", error.detail) from error
        path = f"{url.target.rstrip('/')}/{escaped_path(call.name)}"
        signed = signed_headers(
            Unsigned(
                *(call.method, url.authority, path, call.query, call.headers),
                sha256(call.body).hexdigest(),
            ),
            place.key,
            place.region,
            datetime.now(UTC),
        )
        query = f"?{escaped_query(call.query)}" if call.query else ""
        address = f"{url.scheme}://{url.authority}{path}{query}"
        post = Post(address, call.body, signed, call.method)
        return await self._posts.send(post, seconds=call.seconds, keep=ANSWER_BYTES)


def _text(answer: PostResult) -> str:
    return answer.body.decode("utf-8", "replace")
