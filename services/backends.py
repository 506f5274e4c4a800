"""What services reach that must not hold a transaction while they wait."""

from dataclasses import dataclass

from database.engine import Sessions
from temporal.conversations import ConversationClient


@dataclass(frozen=True)
class Backends:
    """The database and the conversations' workflows. Whoever starts a process makes one."""

    sessions: Sessions
    conversations: ConversationClient
