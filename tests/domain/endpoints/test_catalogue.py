"""Every kind of event is described for those who choose which ones they want."""

from domain.conversation.kinds import EventKind
from domain.endpoints.catalogue import EVENT_TYPES


def test_every_kind_of_event_is_described() -> None:
    assert set(EVENT_TYPES) == set(EventKind)
