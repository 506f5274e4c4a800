"""Values of examples about setting up: numbers of a provider, people, the audit log."""

from collections.abc import Mapping
from typing import Any

OF_SETTINGS: Mapping[str, Any] = {
    "AuditEntryOut.actor": "acme-ada",
    "AuditEntryOut.actor_name": "Ada",
    "AuditEntryOut.door": "page",
    "AuditEntryOut.name": "Support line",
    "AuditEntryOut.request_id": "0335abb2296346a48cdfbfd22ab21e92",
    "AuditEntryOut.subject": "line",
    "AuditEntryOut.subject_id": "acme-support",
    "NumberOut.name": "Returns line",
    "NumberOut.sentence": "",
    "NumberOut.texts_fall_back_to": "",
    "NumberOut.texts_go_to": "https://crm.acme.example/texts",
    "PersonLinkOut.link": "https://sms.acme.example/welcome?key=swi_shown-once",
    "TeamOut.id": "acme-billing-team",
    "TeamOut.name": "Billing",
    "TeamOut.people": ["acme-mia"],
    "TeamOut.skills": ["acme-billing"],
    "AccountOut.id": "acme",
    "AccountOut.name": "Acme",
    "AgentOut.id": "acme-ann",
    "AgentOut.name": "Ann",
    "AgentOut.signature": "– Ann",
    "LineOut.countries": None,
    "LineOut.id": "acme-support-line",
    "LineOut.inbound_webhook": "https://sms.acme.example/webhooks/twilio/acme-support-line/inbound",
    "LineOut.name": "Support line",
}
