"""Reads the configuration from the environment at start-up: one frozen model per concern.

Every variable is described in `docs/configuration.md`; a test keeps that page complete.
"""

from enum import StrEnum
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PostgresDsn, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from local_hosts import is_local
from secret_files import SecretFiles

UNVERSIONED = "unversioned"
"""What `SWITCHBOARD_WORKER_BUILD_ID` says where deploys replace all workers at once."""

POOLED = "switchboard_pooler=transaction"
"""How an address says to `database.pooler` that it is a pooler's."""


class Environment(StrEnum):
    development = "development"
    production = "production"


class Concern(BaseSettings):
    """Base of every settings model: environment variables with our prefix; frozen.

    A secret can also be in a file, which the variable with `_FILE` at its end names.
    """

    model_config = SettingsConfigDict(env_prefix="SWITCHBOARD_", frozen=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # we read no .env
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # nor a folder
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings come from: arguments, files with secrets, the environment."""
        return init_settings, SecretFiles(settings_cls), env_settings


class DatabaseSettings(Concern):
    """Where PostgreSQL is, and how many connections one process may hold."""

    database_url: PostgresDsn = Field(
        description="PostgreSQL address, such as postgresql://user:password@host:5432/switchboard."
    )
    database_pool_size: int = Field(
        default=10, ge=2, le=200, description="Connections one process keeps to PostgreSQL."
    )
    database_pooler: bool = Field(
        default=False,
        description="Whether that address is of a pooler in transaction mode, such as PgBouncer.",
    )
    database_session_url: PostgresDsn | None = Field(
        default=None,
        description="Address of PostgreSQL itself, for notifications and migrations past a pooler.",
    )

    @property
    def url(self) -> str:
        """Where statements go, as `database.pooler` marks it."""
        url = str(self.database_url)
        joint = "&" if "?" in url else "?"
        return f"{url}{joint}{POOLED}" if self.database_pooler else url

    @property
    def role(self) -> str:  # that processes log in as
        return self.database_url.hosts()[0]["username"] or ""

    @property
    def session_url(self) -> str:
        """Where connections stay one's own, for as long as there is such an address."""
        return str(self.database_session_url) if self.database_session_url else self.url


class TemporalSettings(Concern):
    """What Switchboard adds to Temporal's own `TEMPORAL_*` variables.

    Address, namespace, API key and TLS come from `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE` and so
    on, read by the SDK's own environment configuration.
    """

    temporal_ui_url: str = Field(
        default="http://localhost:8233",
        description="Address of the Temporal UI, for the links shown to operators.",
    )

    @property
    def linked_ui_url(self) -> str | None:
        """The Temporal UI's address if it was set: pages then link to it."""
        return self.temporal_ui_url if "temporal_ui_url" in self.model_fields_set else None

    handovers_at_once: int = Field(
        default=6,
        ge=1,
        le=500,
        description="Consumers whose texts one API process hands to Temporal at the same time: "
        "more where Temporal is far away.",
    )
    worker_build_id: str | None = Field(
        default=None,
        description="Version that a worker says it is; `unversioned`: none. Conversations stay on "
        "the version they began with until they roll over. Not set: the package's version, and "
        "none in development.",
    )
    worker_cached_conversations: int = Field(
        default=2000,
        ge=10,
        description="Conversations a worker keeps in memory (about 130 KB each).",
    )
    worker_sandbox: bool = Field(
        default=False,
        description="Run workflow code in the SDK's sandbox, which finds code that is not "
        "deterministic. Tests of workflows do; it costs some 10 ms for every conversation.",
    )


class WorkerHealthSettings(Concern):
    """Where a worker, which serves nothing else, says whether it is well."""

    worker_health_host: str = Field(
        default="127.0.0.1", description="Address the worker's health is told on."
    )
    worker_health_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of the worker's health: 200, or 503 for a process to be started again. "
        "Not set: the worker listens on nothing.",
    )


class MailSecurity(StrEnum):
    starttls = "starttls"
    tls = "tls"
    none = "none"


class MailSettings(Concern):
    """The SMTP server that mails invitations and links for new passwords."""

    mail_host: str | None = Field(
        default=None,
        description="Name of the SMTP server. Without it, admins hand links over themselves.",
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    mail_security: MailSecurity = Field(
        default=MailSecurity.starttls,
        description="`starttls`, `tls` from the first byte (port 465), or `none` on one machine.",
    )
    mail_user: str | None = Field(default=None, description="The account at the server.")
    mail_password: SecretStr | None = Field(default=None, description="Its password.")
    mail_from: str = Field(
        default="switchboard@localhost",
        pattern=r"^[^\s@]+@[^\s@]+$",
        description="The sender of mails.",
    )


class WebSettings(Concern):
    """How the API is reached: by providers, by people, by operators' browsers."""

    public_base_url: str = Field(
        default="http://127.0.0.1:8000",
        description="Address under which providers reach the API. Signatures are checked against "
        "it, never against the Host header.",
    )
    api_host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the API listens on.")
    api_socket: int | None = Field(
        default=None,
        ge=3,
        description="Number of an open socket to serve on instead, from whoever started several "
        "API processes that share it.",
    )
    api_health_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of this API process's own health, on this machine only, where several "
        "share a port.",
    )
    push_contact: str | None = Field(
        default=None,
        pattern=r"^(mailto:|https://)",
        description="Where browsers' push services can reach who runs this, such as "
        "`mailto:ops@example.com`. Without it, the public address.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Hours after which a log-in expires."
    )
    api_requests_per_minute: int = Field(
        default=3000,
        ge=0,
        description="Requests that one token, or one person, may make to the API in a minute, "
        "counted by all API processes together; 0: any number.",
    )

    @property
    def contact_of_pushes(self) -> str:
        """Return what push services are told: an address of mail, or of an encrypted page."""
        if self.push_contact:
            return self.push_contact
        return self.public_base_url if self.is_public_https else "mailto:switchboard@localhost"

    @property
    def is_public_https(self) -> bool:
        return urlsplit(self.public_base_url).scheme == "https"


class SecuritySettings(Concern):
    """Keys for what is encrypted at rest."""

    encryption_keys: Annotated[SecretStr, NoDecode] = Field(
        description="Comma-separated `id:key` pairs, the key 32 bytes in URL-safe base64; the "
        "first encrypts, all decrypt. Make one with `switchboard key`.",
    )


class PostSettings(Concern):
    """Where events, texts and exports may go: customers' endpoints, bots and buckets."""

    own_networks: Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode] = Field(
        default=None,
        description="Comma-separated private networks that endpoints, bots and buckets of exports "
        "may be in, such as `10.20.0.0/16,fd12::/48`. Any administrator of any account can then "
        "have posts sent into them, also without TLS. Without it, posts go to the internet only.",
    )

    @field_validator("own_networks", mode="before")
    @classmethod
    def split_at_commas(cls, written: object) -> object:
        """Read the networks as the environment has them."""
        if not isinstance(written, str):
            return written
        return tuple(part.strip() for part in written.split(",") if part.strip())


class MediaSettings(Concern):
    """Where pictures and other files are kept: in a folder, or in an S3-compatible bucket."""

    media_folder: Path = Field(
        default=Path("switchboard-files"),
        description="Folder of files, when no bucket is set. All API and worker processes must "
        "share it; on several machines, set a bucket.",
    )
    media_bucket: str | None = Field(
        default=None, min_length=1, description="S3-compatible bucket of files, not the folder."
    )
    media_region: str | None = Field(default=None, description="The bucket's region.")
    media_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of an S3-compatible service; without it, Amazon's own.",
    )
    media_access_key_id: str | None = Field(
        default=None, description="Access key; without it, the machine's own role is used."
    )
    media_secret_access_key: SecretStr | None = Field(
        default=None, description="The access key's secret."
    )

    @model_validator(mode="after")
    def refuse_half_a_bucket(self) -> Self:
        """Raise `ValueError` for settings of a bucket that lack others."""
        others = (self.media_region, self.media_endpoint, self.media_access_key_id)
        if self.media_bucket is None and any((*others, self.media_secret_access_key)):
            raise ValueError(
                "SWITCHBOARD_MEDIA_BUCKET is not set, but other settings of a bucket are."
            )
        if (self.media_access_key_id is None) != (self.media_secret_access_key is None):
            raise ValueError(
                "Set both SWITCHBOARD_MEDIA_ACCESS_KEY_ID and "
                "SWITCHBOARD_MEDIA_SECRET_ACCESS_KEY, or neither."
            )
        return self


class TraceSettings(Concern):
    """How long is kept what providers and we said to each other."""

    trace_days: int = Field(
        default=14,
        ge=1,
        le=400,
        description="Days for which exchanges with providers, and posts that endpoints did not "
        "take, are kept for administrators: longer "
        "than providers themselves say what became of a text (OpenMarket five days, Telnyx ten). "
        "A text has three or four, of about a kilobyte each.",
    )


class LogSettings(Concern):
    """How processes log."""

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json, or console for people."
    )


class MetricsSettings(Concern):
    """Where a process tells Prometheus its figures: never where strangers come in."""

    metrics_host: str = Field(
        default="127.0.0.1", description="Address that `/metrics` is answered on."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of `/metrics`, of its own for each process on a machine. Anybody who "
        "reaches it may read it. Not set: nothing is measured.",
    )


class TracesSettings(Concern):
    """Where traces of texts are sent to: a collector of OpenTelemetry."""

    traces_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of a collector that takes OTLP over HTTP, such as "
        "`http://127.0.0.1:4318/v1/traces`. Needs the extra `traces`. Not set: no traces.",
    )
    traces_share: float = Field(
        default=0.1, ge=0, le=1, description="Share of texts that are traced, 0 to 1."
    )


class Settings(Concern):
    """All of it, and the rules that join the parts."""

    environment: Environment = Field(
        default=Environment.production,
        description="production refuses unsafe settings; development is what `make run` sets.",
    )
    process_name: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="Name of this process on the operators' status page; the machine's, if not "
        "set.",
    )
    database: DatabaseSettings = Field(default_factory=lambda: DatabaseSettings())
    temporal: TemporalSettings = Field(default_factory=TemporalSettings)
    worker_health: WorkerHealthSettings = Field(default_factory=WorkerHealthSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    security: SecuritySettings = Field(default_factory=lambda: SecuritySettings())
    posts: PostSettings = Field(default_factory=PostSettings)
    media: MediaSettings = Field(default_factory=MediaSettings)
    trace: TraceSettings = Field(default_factory=TraceSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    traces: TracesSettings = Field(default_factory=TracesSettings)

    @property
    def is_development(self) -> bool:
        return self.environment is Environment.development

    @property
    def build_id(self) -> str | None:
        """The version that workers say they are; None: any worker goes on with any conversation."""
        wanted = self.temporal.worker_build_id
        if wanted is None:
            return None if self.is_development else version("switchboard")
        return None if wanted in ("", UNVERSIONED) else wanted

    @model_validator(mode="after")
    def refuse_unsafe_outside_development(self) -> Self:
        """Raise `ValueError` for settings that are only fit for one's own machine."""
        if self.is_development:
            return self
        if not self.web.is_public_https:
            raise ValueError(
                "SWITCHBOARD_PUBLIC_BASE_URL must be an https address in production: "
                "providers send consumers' texts there."
            )
        if is_local(urlsplit(self.web.public_base_url).hostname or ""):
            raise ValueError("SWITCHBOARD_PUBLIC_BASE_URL must be reachable by the providers.")
        return self
