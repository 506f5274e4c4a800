"""What callers give: no string of it has a character that nothing can store."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.schemas.calls import AnnouncedCall, PressedIn
from services.inputs import Input
from services.notifying.inputs import NewBatch, NewNotification

NOTIFICATION = {"line": "support", "number": "+12025550123", "text": "Hi"}
BATCH = {"line": "support", "title": "Spring", "text": "Hi"}


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (NewNotification, NOTIFICATION | {"title": "a\0"}),
        (NewNotification, NOTIFICATION | {"consent_evidence": "a\0"}),
        (NewNotification, NOTIFICATION | {"values": {"a\0": "b"}}),
        (NewNotification, NOTIFICATION | {"context": {"note": "a\0"}}),
        (NewBatch, BATCH | {"title": "a\0"}),
        (AnnouncedCall, {"number": "anonymous\0", "line": "support"}),
        (PressedIn, {"keys": "1\0"}),
    ],
)
def test_no_string_may_have_nul(model: type[Input], given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="may not contain the character NUL"):
        model.model_validate(given)
