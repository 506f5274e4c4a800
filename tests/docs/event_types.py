"""The table of events in docs/webhooks.md: `python -m tests.docs.event_types` writes it."""

import json

from domain.endpoints.catalogue import EVENT_TYPES
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "webhooks.md"
HEAD = "| type | says | `details`, an example |\n| --- | --- | --- |\n"


def table() -> str:
    """Return the table, made of the code's own catalogue."""
    lines = (
        f"| `{one.kind}` | {one.says} | `{json.dumps(dict(one.details))}` |\n"
        for one in EVENT_TYPES.values()
    )
    return HEAD + "".join(lines)


def written() -> str:
    """Return the table as the page has it."""
    page = PAGE.read_text()
    begins = page.index(HEAD)
    return page[begins : page.index("\n\n", begins) + 1]


if __name__ == "__main__":
    PAGE.write_text(PAGE.read_text().replace(written(), table()))
