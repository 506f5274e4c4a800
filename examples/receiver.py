"""Takes events from Switchboard and prints them: `python examples/receiver.py whsec_... 9000`.

It needs the package `standardwebhooks`. docs/webhooks.md says what a receiver should do.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

KNOWN = set[str]()
"""Ids of events. A real receiver keeps them where a restart does not lose them."""


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 for what it has, also if it had it before, and 400 for what is not signed."""

    def do_POST(self) -> None:
        """Verify a post, act on it once, and answer at once: long work belongs in a queue."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = Webhook(sys.argv[1]).verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_error(400)
            return
        if self.headers["webhook-id"] not in KNOWN:
            KNOWN.add(self.headers["webhook-id"])
            print(event["type"], event["data"], flush=True)
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[2])), Receiver).serve_forever()
