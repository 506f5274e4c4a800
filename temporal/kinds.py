"""The workflows that are ours, by their types: a namespace may hold others."""

from workflows.batches import messages as batches
from workflows.conversation import messages as conversation
from workflows.endpoints import messages as endpoints
from workflows.erasure import messages as erasure
from workflows.exports import messages as exports
from workflows.maintenance import messages as maintenance

OURS = (
    conversation.WORKFLOW,
    endpoints.WORKFLOW,
    batches.WORKFLOW,
    batches.SLICE_WORKFLOW,
    exports.WORKFLOW,
    exports.SCHEDULED_WORKFLOW,
    erasure.WORKFLOW,
    maintenance.WORKFLOW,
)
