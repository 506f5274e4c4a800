"""All tables. Ids of configuration are readable words; `_at` columns are UTC."""

from database.tables.automatic import (
    AutomaticMessage,
    AutomaticTimer,
    Survey,
)
from database.tables.base import (
    Table,
)
from database.tables.brand import (
    Account,
    AwayReason,
    Connector,
    Line,
    LineKeyword,
    LineRefusal,
    Skill,
    SkillTransferTarget,
    SpecialDay,
    WorkingPeriod,
)
from database.tables.consumers import (
    Consent,
    ConsentEvent,
    Consumer,
    Inbound,
)
from database.tables.conversations import (
    Conversation,
    Event,
    LatestStep,
    Message,
    Participation,
    QueueEntry,
    RoutingDecision,
)
from database.tables.exchanges import (
    Exchange,
    WebhookRefusal,
)
from database.tables.people import (
    Agent,
    AgentSkill,
    AgentStatePeriod,
    ApiToken,
    Idempotency,
    Operator,
    Session,
)

__all__ = [
    "Account",
    "Agent",
    "AgentSkill",
    "AgentStatePeriod",
    "ApiToken",
    "AutomaticMessage",
    "AutomaticTimer",
    "AwayReason",
    "Connector",
    "Consent",
    "ConsentEvent",
    "Consumer",
    "Conversation",
    "Event",
    "Exchange",
    "Idempotency",
    "Inbound",
    "LatestStep",
    "Line",
    "LineKeyword",
    "LineRefusal",
    "Message",
    "Operator",
    "Participation",
    "QueueEntry",
    "RoutingDecision",
    "Session",
    "Skill",
    "SkillTransferTarget",
    "SpecialDay",
    "Survey",
    "Table",
    "WebhookRefusal",
    "WorkingPeriod",
]
