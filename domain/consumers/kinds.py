"""Kinds of the fields that an account keeps about its consumers."""

from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds. A field keeps its kind: another kind is another field."""

    text = "text"
    number = "number"
    date = "date"
    choice = "choice"
    yes_no = "yes_no"
    link = "link"
