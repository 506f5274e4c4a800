"""The values of examples about the board: alerts, and actions for many conversations."""

from collections.abc import Mapping
from typing import Any

OF_BOARD: Mapping[str, Any] = {
    "AlertOut.ended_at": None,
    "AlertOut.kind": "nobody_online",
    "AlertOut.name": "Support",
    "AlertOut.subject": "acme-support",
    "BulkItemOut.code": None,
    "BulkItemOut.sentence": None,
    "BulkItemOut.state": "done",
    "BulkJobOut.status": "done",
}
