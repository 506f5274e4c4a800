"""Errors of HTTP itself; all others are in `domain.errors` and `services.errors`."""

from collections.abc import Mapping
from typing import ClassVar

from domain.errors import DomainError
from services.errors import WrongLogIn


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    status = 429
    retry_after: ClassVar[int] = 300
    """Seconds."""
    sentence = "Too many attempts to log in. Wait five minutes and try again."


class CodesLocked(TooManyAttempts):
    code = "codes_locked"
    retry_after: ClassVar[int] = 3600
    """Seconds."""
    sentence = (
        "Too many wrong codes within a day. Codes of this person are locked for a day, or until an "
        "admin switches them off."
    )


class TooManyStreams(DomainError):
    code = "too_many_streams"
    status = 429
    retry_after: ClassVar[int] = 10
    """Seconds."""
    sentence = "Too many live streams are open for this person or token. Close some of them."


class TooManyRequests(DomainError):
    """A caller has made all requests of this minute. `headers` say how many there are and when."""

    code = "too_many_requests"
    status = 429
    sentence = "Too many requests in this minute. Wait as long as Retry-After says."

    def __init__(self, headers: Mapping[str, str], retry_after: int) -> None:
        super().__init__(f"Too many requests in this minute. Wait {retry_after} s.")
        self.headers = headers
        self.retry_after = retry_after
        """Seconds."""


class WrongOperatorToken(WrongLogIn):
    code = "wrong_operator_token"
    sentence = "This is not an operator's token, or it has been revoked."


class CrossSite(DomainError):
    code = "cross_site"
    status = 403
    sentence = (
        "A request with a log-in cookie must come from our own pages or carry the header "
        "X-Switchboard: 1."
    )


class MalformedJson(DomainError):
    code = "malformed_json"
    status = 400
    sentence = "The body is not JSON."


class DatabaseAway(DomainError):
    code = "database_away"
    status = 503
    sentence = "The database does not answer. Try again in a moment."


class DatabaseBusy(DomainError):
    code = "database_busy"
    status = 503
    sentence = "The database took too long over this. Try again in a moment."


class NotJson(DomainError):
    code = "unsupported_media_type"
    status = 415
    sentence = "The body is not JSON. Send it with Content-Type: application/json."


class TooLarge(DomainError):
    code = "request_entity_too_large"
    status = 413
    sentence = "This is too long to be taken."


class RangeNotThere(DomainError):
    """A range begins behind the end of a file, which has `size` bytes."""

    code = "range_not_satisfiable"
    status = 416
    sentence = "The file has no such bytes. Content-Range says how many it has."

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class Fault(DomainError):
    code = "fault"
    status = 500
    sentence = "This is a fault of ours. It was logged under the request's id."
