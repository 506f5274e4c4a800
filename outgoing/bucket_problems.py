"""What is wrong with a bucket, in sentences for whoever set it up."""

import re
from collections.abc import Mapping

from domain.endpoints.outcomes import PostOutcome
from outgoing.posts import PostResult

CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,100})</Code>")
UPLOAD_LOST = frozenset({"NoSuchUpload", "InvalidPart", "InvalidPartOrder", "EntityTooSmall"})
"""The parts that were uploaded are of no use any more."""
ANOTHER_REGION = "The bucket is in another region. Enter its region."
REFUSED = "The bucket refuses files."
SENTENCES: Mapping[str, str] = {
    "InvalidAccessKeyId": "The service knows no key with this id.",
    "SignatureDoesNotMatch": "The secret does not belong to this key id.",
    "AccessDenied": "The key may not write into this bucket under this prefix.",
    "AllAccessDisabled": "The key may not write into this bucket under this prefix.",
    "AccountProblem": "The service has closed the account that the bucket belongs to.",
    "ExpiredToken": "The key has expired.",
    "NoSuchBucket": "There is no bucket with this name.",
    "PermanentRedirect": ANOTHER_REGION,
    "AuthorizationHeaderMalformed": ANOTHER_REGION,
    "IllegalLocationConstraintException": ANOTHER_REGION,
    "RequestTimeTooSkewed": "The clocks of this server and of the service differ by minutes.",
    "InvalidBucketName": "There is no bucket with this name.",
    "KMS.DisabledException": "The key that the bucket encrypts with is disabled.",
    "NoUploadId": "The service did not answer as S3 does.",
}
"""By Amazon's codes, which other services share.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""
BY_OUTCOME: Mapping[PostOutcome, str] = {
    PostOutcome.redirected: ANOTHER_REGION,
    PostOutcome.throttled: "The service wants fewer requests at a time.",
    PostOutcome.failed: "The service failed.",
    PostOutcome.too_slow: "The service did not answer in time.",
    PostOutcome.broken: "The connection ended before the service answered.",
    PostOutcome.unreachable: "Nothing answers at the address of this service.",
    PostOutcome.no_tls: "No secure connection was possible. Is the service's certificate valid?",
    PostOutcome.address_refused: (
        "The service's address leads into a private network, or is not allowed."
    ),
}
BY_STATUS = {403: SENTENCES["AccessDenied"], 404: SENTENCES["NoSuchBucket"], 301: ANOTHER_REGION}
PASSES = frozenset(
    {
        *(PostOutcome.throttled, PostOutcome.failed, PostOutcome.too_slow),
        *(PostOutcome.broken, PostOutcome.unreachable),
    }
)


class BucketProblem(Exception):
    """The bucket did not take something. `passes`: it may well take it in a while."""

    def __init__(self, code: str, sentence: str | None = None, *, passes: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence or SENTENCES.get(code, REFUSED)
        self.passes = passes

    @property
    def is_upload_lost(self) -> bool:
        """Say whether an upload has to begin anew."""
        return self.code in UPLOAD_LOST


def problem_of(text: str, answer: PostResult | None) -> BucketProblem:
    """Return what an answer says; `answer`: None for an error that came with a good status."""
    found = CODE.search(text)
    if found is not None and found[1] in SENTENCES.keys() | UPLOAD_LOST:
        return BucketProblem(found[1])
    if answer is None:
        return BucketProblem(
            found[1] if found else "InternalError", BY_OUTCOME[PostOutcome.failed], passes=True
        )
    by_status = BY_STATUS.get(answer.status or 0)
    sentence = by_status or BY_OUTCOME.get(answer.outcome, REFUSED)
    code = found[1] if found else str(answer.outcome)
    return BucketProblem(code, sentence, passes=answer.outcome in PASSES)
