"""What requests share: built once by `create_app`, handed to routes as dependencies."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypedDict, cast
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.live import EventHub
from api.log_in_attempts import Attempts
from api.rate_limits import RequestCounts
from api.told import ToldHub
from database.engine import Sessions
from domain.ids import ConsumerId, LineId, workflow_id
from measuring.meters import Meters
from media.pictures import Pictures
from media.store import MediaStore
from providers.contract import Provider, webhook_path
from runtime.mail import send_mail
from runtime.vitals import Vitals
from security.endpoint_secrets import SigningSecrets
from security.export_links import ExportLinks
from security.links import FileLinks
from security.one_time_codes import OneTimeSecrets
from security.passwords import Passwords
from security.push_keys import PushKeys
from security.secrets import SecretBox
from security.signatures import Signatures
from services.backends import Backends
from services.brand_file.kind import Outfit
from services.configuring.connectors import KnownProviders
from services.configuring.endpoints import Signing
from services.exporting.buckets import BucketAccess
from services.openid import OpenId
from services.operating.status import Looking
from services.person_links import Mail, Mailing
from services.phone_set_up import Provisioning
from services.single_sign_on import SignOn
from services.trying_bots import Trial
from settings import Settings
from temporal.codec import EncryptionCodec
from temporal.conversations import ConversationClient
from temporal.links import workflow_link
from tracing.trace import Trace


@dataclass(frozen=True)
class AppState:
    """Everything the API is made of. `stopping` is set when the process is asked to end."""

    settings: Settings
    sessions: Sessions
    conversations: ConversationClient
    secret_box: SecretBox
    signing_secrets: SigningSecrets
    push_keys: PushKeys
    one_time_secrets: OneTimeSecrets
    openid: OpenId
    signatures: Signatures
    """Tells requests from one another in a way that does not give their content away."""
    codec: EncryptionCodec
    providers: Mapping[str, Provider]
    media: MediaStore
    pictures: Pictures
    file_links: FileLinks
    export_links: ExportLinks
    passwords: Passwords
    attempts: Attempts
    requests: RequestCounts
    hub: EventHub
    told: ToldHub
    vitals: Vitals
    meters: Meters
    trace: Trace
    stopping: asyncio.Event
    looking: Looking = field(default_factory=Looking)
    """What operators see."""

    @property
    def backends(self) -> Backends:
        return Backends(self.sessions, self.conversations)

    @property
    def public_url(self) -> str:
        return self.settings.web.public_base_url.rstrip("/")

    def temporal_link(self, line_id: str, consumer_id: UUID) -> str | None:
        """Return where operators see a conversation's workflow; None if no UI was set."""
        ui = self.settings.temporal.linked_ui_url
        workflow = workflow_id(LineId(line_id), ConsumerId(str(consumer_id)))
        return ui and workflow_link(ui, self.conversations.client.namespace, workflow)

    @property
    def known_providers(self) -> KnownProviders:
        """What connectors may be made of."""
        descriptions = {name: one.description for name, one in self.providers.items()}
        is_development = self.settings.is_development
        return KnownProviders(descriptions, self.secret_box, may_be_elsewhere=is_development)

    @property
    def signing(self) -> Signing:
        """What posts to endpoints are signed with."""
        return Signing(self.signing_secrets, bool(self.settings.posts.own_networks))

    @property
    def outfit(self) -> Outfit:
        """What a brand's file is applied with."""
        return Outfit(self.known_providers, self.signing, self.public_url)

    @property
    def provisioning(self) -> Provisioning:
        """What setting up a number at its provider needs."""
        return Provisioning(
            self.sessions,
            self.providers,
            self.secret_box,
            self.trace,
            self.public_url,
            self.signatures,
        )

    @property
    def sign_on(self) -> SignOn:
        """What logging in by an identity provider needs."""
        back = f"{self.public_url}/log-in/sso/back"
        return SignOn(self.sessions, self.openid, self.secret_box, back)

    @property
    def mailing(self) -> Mailing:
        """How people get links for their passwords."""
        settings = self.settings.mail

        async def send(mail: Mail) -> bool:
            return await send_mail(settings, mail.to, mail.subject, mail.text)

        return Mailing(self.public_url, send if settings.mail_host else None)

    @property
    def trial(self) -> Trial:
        """What bots are tried with."""
        return Trial(self.signing_secrets, self.settings.posts.own_networks or ())

    @property
    def bucket_access(self) -> BucketAccess:
        """What buckets of exports are reached with."""
        own_networks = self.settings.posts.own_networks or ()
        return BucketAccess(self.sessions, self.secret_box, own_networks)

    def inbound_webhook(self, provider: str, line_id: str) -> str | None:
        """Return the address a provider posts a line's texts to; None for one not known here."""
        adapter = self.providers.get(provider)
        if adapter is None:  # a newer version connected it
            return None
        described = adapter.description
        return self.public_url + webhook_path(described, line_id, described.texts_webhook)


class LifespanState(TypedDict):
    """What the lifespan hands to every request."""

    app: AppState


def get_app_state(request: Request) -> AppState:
    return cast(AppState, request.state.app)


AppStateDep = Annotated[AppState, Depends(get_app_state)]


async def get_session(request: Request, app: AppStateDep) -> AsyncIterator[AsyncSession]:
    """One transaction, committed before the answer leaves, unless `undo` was called."""
    async with app.sessions.begin() as session:
        request.state.session = session
        yield session


async def undo(request: Request) -> None:
    """Take back what a request wrote, where its error becomes an answer before it gets here."""
    session: AsyncSession | None = getattr(request.state, "session", None)
    if session is not None:
        await session.rollback()


def get_backends(app: AppStateDep) -> Backends:
    return app.backends


BackendsDep = Annotated[Backends, Depends(get_backends)]
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
