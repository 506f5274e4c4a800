"""Whether a text asks something."""

QUESTION_MARKS = "?？؟"


def has_question_mark(text: str) -> bool:
    return any(mark in text for mark in QUESTION_MARKS)
