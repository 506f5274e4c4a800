"""Why a file cannot be shown: stable codes, each with the sentence that an agent reads."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a file could not be fetched or kept."""

    address_refused = "address_refused"
    too_large = "too_large"
    too_many_redirects = "too_many_redirects"
    too_slow = "too_slow"
    unreachable = "unreachable"
    not_there = "not_there"
    credentials_refused = "credentials_refused"
    provider_error = "provider_error"
    empty = "empty"
    encoded = "encoded"
    not_a_picture = "not_a_picture"
    damaged = "damaged"
    picture_too_large = "picture_too_large"
    unreadable = "unreadable"


SENTENCES = {
    Reason.address_refused: "Its address is not a public https address, so we did not fetch it.",
    Reason.too_large: "It is larger than 20 MB.",
    Reason.too_many_redirects: "The provider sent us from address to address without end.",
    Reason.too_slow: "It took too long to arrive.",
    Reason.unreachable: "The provider could not be reached.",
    Reason.not_there: "The provider does not have it.",
    Reason.credentials_refused: "The provider did not accept our credentials for it.",
    Reason.provider_error: "The provider answered with an error.",
    Reason.empty: "The provider sent an empty file.",
    Reason.encoded: "The provider sent it in a form that we do not read.",
    Reason.not_a_picture: "It was announced as a picture, but it is none.",
    Reason.damaged: "The picture is damaged and cannot be opened.",
    Reason.picture_too_large: "The picture has too many pixels to be opened safely.",
    Reason.unreadable: "We could not read it.",
}

FINAL = frozenset({Reason.address_refused, Reason.too_large, Reason.picture_too_large})
"""Reasons that another try by itself would only meet again."""


@dataclass(eq=False)  # not frozen: Python itself sets a raised error's traceback
class FileUnfit(Exception):
    """A file that could not be fetched, or cannot be kept. `status`: HTTP's, if that is why."""

    reason: Reason
    status: int | None = None

    def __str__(self) -> str:
        return f"{self.reason} ({self.status or 'no status'})"

    @property
    def sentence(self) -> str:
        """What the agent reads."""
        said = SENTENCES[self.reason]
        return f"{said.removesuffix('.')} ({self.status})." if self.status else said

    @property
    def is_final(self) -> bool:
        return self.reason in FINAL
