"""Tells the opening hours, and passes all else to a person: BOT_SECRET=whsec_... bot.py 8090"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = base64.b64decode(os.environ["BOT_SECRET"].removeprefix("whsec_"))


def is_signed(headers: Any, body: bytes) -> bool:
    """Check the signature of Standard Webhooks, and that it is at most five minutes old."""
    at = headers.get("webhook-timestamp", "")
    if not at.isdigit() or abs(time.time() - int(at)) > 300:
        return False
    signed = f"{headers.get('webhook-id')}.{at}.".encode() + body
    right = "v1," + base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one, right) for one in given)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer what the consumer wrote since the last turn."""
    said = " ".join(one["text"] for one in request["new"] if one["author"] == "consumer").lower()
    if "open" in said or "hours" in said:
        return {"texts": ["We are open from 9 to 17, Monday to Friday."]}
    return {"texts": ["I am getting somebody."], "action": {"kind": "person"}, "notes": "No idea."}


class Bot(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer a turn; refuse what Switchboard did not sign."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not is_signed(self.headers, body):
            self.send_error(401)
            return
        request = json.loads(body)
        said = json.dumps({"turn": request["turn"], **answer(request)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Bot).serve_forever()
