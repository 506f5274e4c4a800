"""Remembers, in one process, which conversation workflows ran when a text was handed over."""

from cachetools import LRUCache

MOST_KEPT = 20_000
"""Threads; about 200 bytes each."""


class SeenRunning:
    """Ids of workflows seen running; the least recently used is forgotten first.

    A workflow may have completed meanwhile, so only Temporal's answer counts.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._ids: LRUCache[str, None] = LRUCache(most)

    def __contains__(self, workflow_id: str) -> bool:
        return workflow_id in self._ids

    def add(self, workflow_id: str) -> None:
        self._ids[workflow_id] = None

    def forget(self, workflow_id: str) -> None:
        self._ids.pop(workflow_id, None)
