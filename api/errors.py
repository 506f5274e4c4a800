"""What only HTTP can refuse: the rest of the tree is `domain.errors`."""

from collections.abc import Sequence
from typing import ClassVar

from domain.errors import DomainError


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    status = 429
    retry_after: ClassVar[int] = 300
    """Seconds."""
    sentence = "Too many attempts to log in. Wait five minutes and try again."


class TooManyStreams(DomainError):
    code = "too_many_streams"
    status = 429
    retry_after: ClassVar[int] = 10
    """Seconds."""
    sentence = "Too many live streams are open for this person or token. Close some of them."


class WrongLogIn(DomainError):
    code = "wrong_log_in"
    status = 401
    sentence = "E-mail address or password is wrong."


class WrongOperatorToken(DomainError):
    code = "wrong_operator_token"
    status = 401
    sentence = "This is not an operator's token, or it has been revoked."


class SeveralAccounts(DomainError):
    """The address and the password are right, in several accounts: `account` says which."""

    code = "several_accounts"
    status = 409
    sentence = "Which account? Name one of those in `accounts`."

    def __init__(self, accounts: Sequence[str]) -> None:
        super().__init__(f"Which account? Name one of them: {', '.join(accounts)}.")
        self.accounts = tuple(accounts)


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
