"""Conversations that were running when a text was last handed to them, as one process knows."""

from cachetools import LRUCache

MOST_KEPT = 20_000
"""Threads; about 200 bytes each."""


class SeenRunning:
    """Ids of workflows; whichever nobody texted to for longest is forgotten.

    Any may have ended meanwhile: Temporal decides.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._ids: LRUCache[str, None] = LRUCache(most)

    def __contains__(self, workflow_id: str) -> bool:
        return workflow_id in self._ids

    def add(self, workflow_id: str) -> None:
        self._ids[workflow_id] = None

    def forget(self, workflow_id: str) -> None:
        self._ids.pop(workflow_id, None)
