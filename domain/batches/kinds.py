"""What can become of a batch, of its recipients, and of rows that make no recipient."""

from collections.abc import Mapping
from enum import StrEnum


class BatchStatus(StrEnum):
    """`draft`: recipients may still be added. `done`: every text was given to the provider."""

    draft = "draft"
    running = "running"
    paused = "paused"
    cancelled = "cancelled"
    done = "done"


ENDED = (BatchStatus.cancelled, BatchStatus.done)


class Stopped(StrEnum):
    """What paused a batch by itself."""

    line_retired = "line_retired"
    skill_retired = "skill_retired"


class LeftOut(StrEnum):
    """Why a recipient gets no text."""

    opted_out = "opted_out"
    blocked = "blocked"
    no_consent = "no_consent"
    landline = "landline"
    first_text = "first_text"
    country = "country"
    cancelled = "cancelled"
    erased = "erased"


LEFT_OUT_BECAUSE: Mapping[LeftOut, str] = {
    LeftOut.opted_out: "They have opted out of texts.",
    LeftOut.blocked: "They are blocked.",
    LeftOut.no_consent: "No consent of theirs is recorded, and the account needs one.",
    LeftOut.landline: "The number gets no texts: it is a landline, or toll-free.",
    LeftOut.first_text: "The first text to a new consumer has to name the brand and say how to "
    "opt out, in at most 1600 characters.",
    LeftOut.country: "The line may not text this country first. An admin can allow it on the "
    "line's page.",
    LeftOut.cancelled: "The batch was cancelled before.",
    LeftOut.erased: "The number was erased.",
}


class BadRow(StrEnum):
    """Why a row makes no recipient."""

    no_csv = "no_csv"
    no_number = "no_number"
    number_invalid = "number_invalid"
    number_shortened = "number_shortened"
    value_missing = "value_missing"
    text_too_long = "text_too_long"
    not_text = "not_text"
    card_number = "card_number"
    duplicate = "duplicate"
    too_many = "too_many"


BAD_BECAUSE: Mapping[BadRow, str] = {
    BadRow.no_csv: "The row cannot be read as CSV: a quotation mark is not closed, or not followed "
    "by the next field, or a field is longer than 100,000 characters.",
    BadRow.no_number: "The row has no number.",
    BadRow.number_invalid: "The number is no phone number with its country, such as +16001234567.",
    BadRow.number_shortened: "A spreadsheet has shortened the number, and its last digits are "
    "lost. Format the column as text and export it again.",
    BadRow.value_missing: "A column that the text names is empty.",
    BadRow.text_too_long: "Filled, the text has more than 1600 characters.",
    BadRow.not_text: "The row has characters that nothing can store.",
    BadRow.card_number: "Filled, the text holds what looks like the number of a payment card.",
    BadRow.duplicate: "The same phone is already in the batch.",
    BadRow.too_many: "The batch has 100,000 recipients already.",
}
