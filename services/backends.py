"""The database and Temporal, for services that must not hold a transaction while they wait."""

from dataclasses import dataclass

from database.engine import Sessions
from temporal.conversations import ConversationClient


@dataclass(frozen=True)
class Backends:
    """The database and the conversations' workflows. Each process makes one."""

    sessions: Sessions
    conversations: ConversationClient
