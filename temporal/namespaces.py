"""Tells a namespace that Temporal does not have from a workflow that it does not have.

Both are NOT_FOUND. Whoever takes the first for the second thinks that all conversations are over.
"""

from temporalio.service import RPCError, RPCStatusCode

DETAIL = "NamespaceNotFoundFailure"
"""How Temporal names the first, in the details of its error."""


def lacks_workflow(error: BaseException) -> bool:
    """Say whether Temporal answered that there is no such workflow."""
    return _is_not_found(error) and not lacks_namespace(error)


def lacks_namespace(error: BaseException) -> bool:
    """Say whether Temporal answered that there is no such namespace."""
    if not isinstance(error, RPCError) or not _is_not_found(error):
        return False
    return any(one.type_url.endswith(f".{DETAIL}") for one in error.grpc_status.details)


def _is_not_found(error: BaseException) -> bool:
    return isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND
