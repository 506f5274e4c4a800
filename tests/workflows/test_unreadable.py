"""What Temporal keeps of a conversation: nothing of it can be read there."""

import base64
import json
from collections.abc import Iterator

from tests.fixtures.floor import Floor
from workflows.conversation.messages import Close, Reply

SAID = "my locker is 4711 blue"
ANSWERED = "we send you a green one"


async def test_neither_texts_nor_numbers_can_be_read_in_a_history(floor: Floor) -> None:
    await floor.text(SAID)
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=floor.brand.ann, text=ANSWERED))
    await floor.give(Close(key="2", actor=floor.brand.ann))
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id)
    history = (await handle.fetch_history()).to_json()
    kept = [history.encode(), *payloads(json.loads(history))]
    assert len(kept) > 20
    assert not any(text.encode() in one for text in (SAID, ANSWERED, "+1555") for one in kept)


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
