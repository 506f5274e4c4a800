"""Builds the parts of a worker that call providers, from the settings of the process."""

import httpx2

from database.engine import Sessions
from measuring.meters import Meters
from outgoing.connectors import Connectors
from outgoing.holds import Holds
from outgoing.lookups import Lookups
from outgoing.sender import Sender
from outgoing.signed_posts import SignedPosts
from outgoing.submission import Submission
from outgoing.time_outs import TimeOuts
from providers.registry import create_providers
from security.links import FileLinks
from security.secrets import Keyring, Purpose, SecretBox
from settings import Settings
from temporal.conversations import ConversationClient
from tracing.trace import Trace


def keyring_of(settings: Settings) -> Keyring:
    """Return the keys of the installation."""
    return Keyring.parse(settings.security.encryption_keys.get_secret_value())


def create_posts(settings: Settings) -> SignedPosts:
    """Build what posts to customers' programs. Enter it before use; it closes its connections."""
    return SignedPosts(settings.posts.own_networks or ())


def create_sender(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    time_outs: TimeOuts | None = None,
    *,
    trace: Trace | None = None,
    meters: Meters | None = None,
) -> Sender:
    """Build the sender, which hands texts to providers. `trace`: keeps what was said to them."""
    time_outs = time_outs or TimeOuts()
    connectors = _connectors(settings, http)
    submission = _submission(settings, sessions, time_outs, trace, meters)
    return Sender(sessions, connectors, submission, Holds(sessions), time_outs)


def create_lookups(
    settings: Settings,
    sessions: Sessions,
    http: httpx2.AsyncClient,
    conversations: ConversationClient,
    time_outs: TimeOuts | None = None,
    *,
    trace: Trace | None = None,
) -> Lookups:
    """Build the task that asks providers for the status of texts."""
    time_outs = time_outs or TimeOuts()
    submission = _submission(settings, sessions, time_outs, trace)
    return Lookups(sessions, _connectors(settings, http), submission, conversations, time_outs)


def _connectors(settings: Settings, http: httpx2.AsyncClient) -> Connectors:
    return Connectors(create_providers(http), SecretBox(keyring_of(settings)))


def _submission(
    settings: Settings,
    sessions: Sessions,
    time_outs: TimeOuts,
    trace: Trace | None,
    meters: Meters | None = None,
) -> Submission:
    base = settings.web.public_base_url.rstrip("/")
    links = FileLinks(base, keyring_of(settings).signing_keys(Purpose.file_links))
    traced = trace or Trace(sessions)
    return Submission(sessions, base, time_outs, links, traced, meters or Meters())
