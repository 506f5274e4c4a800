"""What Temporal keeps of a conversation: nothing of it can be read there."""

import base64
import json
from collections.abc import Iterator

from tests.fixtures.brand import LINE_NUMBER
from tests.fixtures.centre import Centre
from workflows.conversation.commands import Close, Reply

SAID = "my locker is 4711 blue"
PHONE = "+15550123"
ANSWERED = "we send you a green one"


async def test_neither_texts_nor_numbers_can_be_read_in_a_history(centre: Centre) -> None:
    await centre.text(SAID)
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=centre.brand.ann, text=ANSWERED))
    await centre.give(Close(key="2", actor=centre.brand.ann))
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    history = (await handle.fetch_history()).to_json()
    kept = [history.encode(), *payloads(json.loads(history))]
    assert len(kept) > 20
    secret = (SAID, ANSWERED, PHONE, LINE_NUMBER)
    assert not any(text.encode() in one for text in secret for one in kept)


def payloads(part: object) -> Iterator[bytes]:
    """Return the bytes of everything a history carries."""
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, str):
            yield base64.b64decode(data)
        for value in part.values():
            yield from payloads(value)
    if isinstance(part, list):
        for value in part:
            yield from payloads(value)
