"""Errors of services; the rules' own errors are in `domain.errors`."""

from collections.abc import Sequence

from domain.errors import DomainError
from domain.people.token_scopes import TokenScope


class NobodyActs(DomainError):
    code = "nobody_acts"
    status = 403
    sentence = (
        "Only people write and act on conversations. A program with a manager's or an admin's "
        "token names the agent it acts for in the header X-Agent."
    )


class ScopeMissing(DomainError):
    """A token is limited to scopes, and what was asked needs another: `scope`, None for any."""

    code = "scope_missing"
    status = 403
    sentence = "The token lacks the scope that this needs; the detail names it."

    def __init__(self, scope: TokenScope | None) -> None:
        super().__init__(
            f"The token lacks the scope {scope}."
            if scope
            else "Only tokens without scopes can be used here."
        )
        self.scope = scope


class WrongLogIn(DomainError):
    code = "wrong_log_in"
    status = 401
    sentence = "E-mail address or password is wrong."


class CodeNeeded(DomainError):
    """The password is right, and a one-time code is missing."""

    code = "code_needed"
    status = 401
    sentence = "Enter the code that your authenticator app shows, or a recovery code."


class WrongCode(WrongLogIn):
    code = "wrong_code"
    sentence = "This code is wrong, or was used already. Wait for the next one."


class LinkOver(DomainError):
    """The link was used, replaced or is too old: which of these, nobody learns."""

    code = "link_over"
    status = 404
    sentence = (
        "This link no longer works: it serves once, and for some days only. Log in if you have "
        "set your password, or ask your admin for another link."
    )


class SeveralAccounts(DomainError):
    """Address and password are right in several accounts: `account` must name one."""

    code = "several_accounts"
    status = 409
    sentence = "Which account? Name one of those in `accounts`."

    def __init__(self, accounts: Sequence[str]) -> None:
        super().__init__(f"Which account? Name one of them: {', '.join(accounts)}.")
        self.accounts = tuple(accounts)


class FileNotThere(DomainError):
    code = "file_not_there"
    sentence = "This file could not be fetched from the provider yet. The transcript says why."


class PicturesNotPossible(DomainError):
    code = "pictures_not_possible"
    sentence = "This line's provider cannot send pictures."


class PictureUnfit(DomainError):
    code = "picture_unfit"
    status = 422
    sentence = "This is no picture that can be sent. Send a JPEG, a PNG or a GIF."


class DraftOvertaken(DomainError):
    code = "draft_overtaken"
    sentence = "This draft has changed elsewhere. Read it again, and name its revision."
