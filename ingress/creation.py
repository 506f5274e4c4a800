"""Builds what fetches from providers: consumers' files, and texts that no webhook brought."""

import httpx2

from database.engine import Sessions
from ingress.authentication import WebhookAuthenticator
from ingress.catching_up import CatchingUp
from ingress.files import Files
from ingress.late_texts import LateReceiver
from ingress.receiving import Receiver
from media.pictures import Pictures
from media.store import MediaStore
from providers.registry import create_providers
from security.secrets import SecretBox
from tracing.trace import Trace


def create_files(
    sessions: Sessions,
    http: httpx2.AsyncClient,
    secrets: SecretBox,
    store: MediaStore,
    trace: Trace,
) -> Files:
    """Build the task that fetches the files of consumers' texts. `trace`: as below."""
    providers = create_providers(http)
    receiver = Receiver(sessions, WebhookAuthenticator(providers, secrets))
    return Files(sessions, providers, secrets, store, Pictures(), receiver, trace)


def create_catching_up(
    sessions: Sessions, http: httpx2.AsyncClient, secrets: SecretBox, trace: Trace
) -> CatchingUp:
    """Build what fetches texts that no webhook brought. `trace`: keeps what was said then."""
    return CatchingUp(sessions, create_providers(http), secrets, LateReceiver(sessions), trace)
