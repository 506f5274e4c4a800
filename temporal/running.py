"""Conversations that were running when a text was last handed to them, as one process knows."""

from dataclasses import dataclass, field

MOST_KEPT = 20_000
"""Threads; about 200 bytes each."""


@dataclass(frozen=True)
class SeenRunning:
    """Ids of workflows, the most recent last. Any may have ended meanwhile: Temporal decides."""

    most: int = MOST_KEPT
    _ids: dict[str, None] = field(default_factory=dict, init=False, repr=False)

    def __contains__(self, workflow_id: str) -> bool:
        return workflow_id in self._ids

    def add(self, workflow_id: str) -> None:
        """Remember one, and forget whichever nobody texted to for longest."""
        self._ids.pop(workflow_id, None)
        self._ids[workflow_id] = None
        if len(self._ids) > self.most:
            del self._ids[next(iter(self._ids))]

    def forget(self, workflow_id: str) -> None:
        self._ids.pop(workflow_id, None)
