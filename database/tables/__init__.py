"""Every table. Ids of configuration are words we choose, `_at` columns are UTC."""

from database.tables.base import Table
from database.tables.brand import Account, AutomaticMessage, Connector, Line, Skill
from database.tables.consumers import Consent, ConsentEvent, Consumer, Inbound
from database.tables.conversations import Conversation, Event, Message, Participation, QueueEntry
from database.tables.people import Agent, AgentSkill, ApiToken, Idempotency, Session

__all__ = [
    "Account",
    "Agent",
    "AgentSkill",
    "ApiToken",
    "AutomaticMessage",
    "Connector",
    "Consent",
    "ConsentEvent",
    "Consumer",
    "Conversation",
    "Event",
    "Idempotency",
    "Inbound",
    "Line",
    "Message",
    "Participation",
    "QueueEntry",
    "Session",
    "Skill",
    "Table",
]
