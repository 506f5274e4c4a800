"""Signatures of requests to S3: Amazon's own examples, and the same as Amazon's own library."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from security.aws_signatures import AwsKey, Unsigned, escaped_path, escaped_query, signed_headers

# The example key of Amazon's documentation, which opens nothing.
KEY = AwsKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST, AT = "examplebucket.s3.amazonaws.com", datetime(2013, 5, 24, tzinfo=UTC)
EXAMPLES = {
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41": Unsigned(
        "GET", HOST, "/test.txt", headers={"Range": "bytes=0-9"}
    ),
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd": Unsigned(
        "PUT",
        HOST,
        escaped_path("/test$file.text"),
        headers={
            "Date": "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
        },
        body_hash=sha256(b"Welcome to Amazon S3.").hexdigest(),
    ),
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543": Unsigned(
        "GET", HOST, "/", [("lifecycle", "")]
    ),
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7": Unsigned(
        "GET", HOST, "/", [("max-keys", "2"), ("prefix", "J")]
    ),
}
"""By their signatures.
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""


@pytest.mark.parametrize(("signature", "example"), EXAMPLES.items())
def test_amazons_examples_have_their_signatures(signature: str, example: Unsigned) -> None:
    headers = signed_headers(example, KEY, "us-east-1", AT)
    assert headers["authorization"].endswith(f"Signature={signature}")
    assert KEY.secret not in repr((KEY, headers))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/b/exports/messages-2026-11-27.csv", [("uploadId", "a/b+c=="), ("partNumber", "10")]),
        ("/b/été & co/~x+y!*'().csv", [("uploads", "")]),
    ],
)
def test_names_and_queries_are_signed_as_by_amazons_library(
    path: str, query: list[tuple[str, str]]
) -> None:
    escaped, host = escaped_path(path), "s3.eu-central-1.amazonaws.com"
    ours = signed_headers(Unsigned("PUT", host, escaped, query), KEY, "eu-central-1", AT)
    theirs = AWSRequest(
        "PUT",
        f"https://{host}{escaped}?{escaped_query(query)}",
        headers={"X-Amz-Content-SHA256": Unsigned("PUT", host, "/").body_hash},
    )
    theirs.context["timestamp"] = ours["x-amz-date"]
    theirs.headers["X-Amz-Date"] = ours["x-amz-date"]
    auth = S3SigV4Auth(Credentials(KEY.id, KEY.secret), "s3", "eu-central-1")
    canonical = auth.canonical_request(theirs)
    signature = auth.signature(auth.string_to_sign(theirs, canonical), theirs)
    assert ours["authorization"].endswith(f"Signature={signature}")
