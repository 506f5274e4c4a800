"""What the page's script does with words as the rules do: the same vectors test both."""

import json
from pathlib import Path
from typing import Any

from domain.text.hidden import HIDDEN
from domain.writing.drafts import Written, after_sending
from domain.writing.placeholders import OURS
from domain.writing.signatures import signed

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "payloads" / "writing.json").read_text()
)


def test_the_rules_do_what_the_vectors_say() -> None:
    for one in VECTORS["left"]:
        assert after_sending(Written(one["draft"]), Written(one["sent"])).text == one["left"], one
    for one in VECTORS["hidden"]:
        assert HIDDEN.sub("", one["text"]) == one["clean"], one
    for one in VECTORS["placeholders"]:
        found = OURS.search(one["text"])
        assert (found and found[0]) == one["left"], one
    for one in VECTORS["signed"]:
        assert signed(one["text"], one["signature"]) == one["whole"], one
        assert signed(one["whole"], one["signature"]) == one["whole"], "and never twice"
