"""All tables. Ids of configuration are readable words; `_at` columns are UTC."""

from database.tables.audit import AuditEntry
from database.tables.automatic import (
    AutomaticMessage,
    AutomaticTimer,
    Survey,
)
from database.tables.base import (
    Table,
)
from database.tables.batches import Batch, BatchBadRow, BatchRecipient, BatchUpload
from database.tables.board import Alert, BulkItem, BulkJob
from database.tables.bots import Bot, BotRecord, SkillBot
from database.tables.brand import (
    Account,
    AwayReason,
    BoundHit,
    CatchUp,
    Connector,
    Line,
    LineHealth,
    LineKeyword,
    LineRefusal,
    LineSetUp,
    LineTest,
    Skill,
    SkillTransferTarget,
    SpecialDay,
    TextCount,
    WorkingPeriod,
)
from database.tables.calls import Menu, MenuNumber, MenuVersion, PhoneCall
from database.tables.closing_reasons import ClosingReason, ClosingReasonSkill
from database.tables.consumers import (
    BlockEvent,
    Consent,
    ConsentEvent,
    Consumer,
    Inbound,
    InboundPart,
)
from database.tables.conversations import (
    Conversation,
    LatestStep,
    Message,
    Participation,
    PartReport,
    QueueEntry,
)
from database.tables.decisions import RoutingDecision
from database.tables.endpoints import Endpoint, EndpointAttempt, EndpointDelivery
from database.tables.erasures import Erasure, Suppression
from database.tables.events import Event
from database.tables.exchanges import Exchange, WebhookRefusal
from database.tables.exports import Export, ExportBucket, ExportPart, ExportSchedule
from database.tables.finding import NamedView, Reading, ViewOrder
from database.tables.labels import ConversationLabel, Label
from database.tables.media import MediaFile
from database.tables.notices import (
    Mention,
    Notice,
    NoticePreference,
    NoticeReading,
    OpenPages,
    Push,
    PushKey,
    PushSubscription,
)
from database.tables.origins import Invitation, Source
from database.tables.pacing import ConnectorPause, LineLane
from database.tables.people import (
    Agent,
    AgentSkill,
    AgentStatePeriod,
    ApiToken,
    Idempotency,
    IdentityProvider,
    LogInFailure,
    Operator,
    PersonLink,
    RecoveryCode,
    RequestCount,
    Session,
    SetUpLink,
)
from database.tables.profiles import ConsumerField, ConsumerMerge, Panel
from database.tables.records import ConversationRecord, RecordReading, UnreadEvent
from database.tables.reports import (
    HoursVersion,
    ReportFact,
    ReportReading,
    ReportSum,
    StaleDay,
    SummedMonth,
)
from database.tables.teams import Team, TeamMember, TeamSkill
from database.tables.writing import Draft, SavedReply, SavedReplyUse

__all__ = [
    "Account",
    "Agent",
    "AgentSkill",
    "AgentStatePeriod",
    "Alert",
    "ApiToken",
    "AuditEntry",
    "AutomaticMessage",
    "AutomaticTimer",
    "AwayReason",
    "Batch",
    "BatchBadRow",
    "BatchRecipient",
    "BatchUpload",
    "BlockEvent",
    "Bot",
    "BotRecord",
    "BoundHit",
    "BulkItem",
    "BulkJob",
    "CatchUp",
    "ClosingReason",
    "ClosingReasonSkill",
    "Connector",
    "ConnectorPause",
    "Consent",
    "ConsentEvent",
    "Consumer",
    "ConsumerField",
    "ConsumerMerge",
    "Conversation",
    "ConversationLabel",
    "ConversationRecord",
    "Draft",
    "Endpoint",
    "EndpointAttempt",
    "EndpointDelivery",
    "Erasure",
    "Event",
    "Exchange",
    "Export",
    "ExportBucket",
    "ExportPart",
    "ExportSchedule",
    "HoursVersion",
    "Idempotency",
    "IdentityProvider",
    "Inbound",
    "InboundPart",
    "Invitation",
    "Label",
    "LatestStep",
    "Line",
    "LineHealth",
    "LineKeyword",
    "LineLane",
    "LineRefusal",
    "LineSetUp",
    "LineTest",
    "LogInFailure",
    "MediaFile",
    "Mention",
    "Menu",
    "MenuNumber",
    "MenuVersion",
    "Message",
    "NamedView",
    "Notice",
    "NoticePreference",
    "NoticeReading",
    "OpenPages",
    "Operator",
    "Panel",
    "PartReport",
    "Participation",
    "PersonLink",
    "PhoneCall",
    "Push",
    "PushKey",
    "PushSubscription",
    "QueueEntry",
    "Reading",
    "RecordReading",
    "RecoveryCode",
    "ReportFact",
    "ReportReading",
    "ReportSum",
    "RequestCount",
    "RoutingDecision",
    "SavedReply",
    "SavedReplyUse",
    "Session",
    "SetUpLink",
    "Skill",
    "SkillBot",
    "SkillTransferTarget",
    "Source",
    "SpecialDay",
    "StaleDay",
    "SummedMonth",
    "Suppression",
    "Survey",
    "Table",
    "Team",
    "TeamMember",
    "TeamSkill",
    "TextCount",
    "UnreadEvent",
    "ViewOrder",
    "WebhookRefusal",
    "WorkingPeriod",
]
