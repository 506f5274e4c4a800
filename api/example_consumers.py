"""The values of examples about consumers: who they are, an account's own fields, panels."""

from collections.abc import Mapping
from typing import Any

SHOWN = "+1 202 555 0123"

OF_CONSUMERS: Mapping[str, Any] = {
    "ConsumerDetail.name": "Jo Park",
    "ConsumerDetail.note": "Prefers mornings.",
    "ConsumerFieldOut.choices": ["Gold", "Silver"],
    "ConsumerFieldOut.id": "acme-customer-tier",
    "ConsumerFieldOut.kind": "choice",
    "ConsumerFieldOut.name": "Customer tier",
    "ConsumerFieldOut.place": "{customer-tier}",
    "ConsumerFieldValue.choices": ["Gold", "Silver"],
    "ConsumerFieldValue.id": "acme-customer-tier",
    "ConsumerFieldValue.kind": "choice",
    "ConsumerFieldValue.name": "Customer tier",
    "ConsumerFieldValue.value": "Gold",
    "ConsumerInList.name": "Jo Park",
    "ConsumerInList.numbers": [SHOWN],
    "ConsumerNumber.merged_by": None,
    "ConsumerOut.name": "Jo Park",
    "ImportExampleOut.changed": ["name"],
    "ConversationPanel.id": "acme-orders",
    "ConversationPanel.missing": [],
    "ConversationPanel.name": "Orders",
    "ConversationPanel.url": "https://crm.acme.example/orders?phone=%2B12025550123",
    "PanelOut.id": "acme-orders",
    "PanelOut.name": "Orders",
    "PanelOut.origin": "https://crm.acme.example",
    "PanelOut.template": "https://crm.acme.example/orders?phone={number}",
    "number_shown": SHOWN,
}
"""By model and field, or by the field's name in every model that has it."""
