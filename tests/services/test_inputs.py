"""Inputs: what no caller may give, whichever field it is in."""

import pytest
from pydantic import ValidationError

from services.notifying.inputs import NewNotification, RecipientIn

GIVEN = {"line": "acme", "number": "+15550100101", "text": "Hi"}


@pytest.mark.parametrize(
    "field",
    [
        {"title": "a\0b"},
        {"consent_evidence": "a\0b"},
        {"values": {"name": "a\0b"}},
        {"values": {"na\0me": "b"}},
        {"context": {"reason": "a\0b"}},
    ],
)
def test_no_text_of_an_input_holds_a_nul(field: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="NUL"):
        NewNotification.model_validate(GIVEN | field)


def test_a_part_of_an_input_is_read_like_the_whole() -> None:
    with pytest.raises(ValidationError, match="NUL"):
        RecipientIn(number="+15550100101", consent_evidence="a\0b")
