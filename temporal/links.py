"""Links into the Temporal UI."""

from urllib.parse import quote


def workflow_link(ui_url: str, namespace: str, workflow_id: str) -> str:
    """Return the address of a workflow's page."""
    workflow = quote(workflow_id, safe="")
    return f"{ui_url.rstrip('/')}/namespaces/{namespace}/workflows/{workflow}"
