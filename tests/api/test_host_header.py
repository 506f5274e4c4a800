"""The Host header is never used: an unknown path is not found, with or without a slash."""

import httpx2
import pytest

from tests.api.conftest import Office


@pytest.mark.parametrize(
    "path",
    [
        "/workspace/",
        "/login/",
        "/admin/account/",
        "/v1/conversations/",
        "/v1/lines/",
        "/static",
        "/health/",
        "/webhooks/twilio/nobody/",
        "/webhooks/twilio/nobody/inbound//",
        "/nowhere/",
        "//evil.example/",
        "//evil.example/workspace/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_redirect_leads_to_the_host_a_caller_names(
    office: Office, path: str, method: str
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.request(method, office.url + path, headers=headers)
    assert "evil.example" not in answer.headers.get("location", "")
    assert answer.status_code not in (301, 302, 307, 308)
    assert ":" + "//evil.example" not in answer.text
