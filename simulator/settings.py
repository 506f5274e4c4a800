"""The simulator's settings, from the environment."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_PORT = 8010


class SimulatorSettings(BaseSettings):
    """One simulated account and its initial lines."""

    model_config = SettingsConfigDict(
        env_prefix="SWITCHBOARD_SIMULATOR_", frozen=True, extra="ignore"
    )

    host: str = Field(default="127.0.0.1", description="Address the simulator listens on.")
    port: int = Field(
        default=DEFAULT_PORT, ge=1, le=65535, description="Port the simulator listens on."
    )
    account_sid: str = Field(
        default="AC5177c4b0a7d00000000000000000cafe",
        pattern=r"^AC[0-9a-fA-F]{32}$",
        description="The account's SID, the user name of its REST API.",
    )
    auth_token: SecretStr = Field(
        default=SecretStr("simulated-auth-token"),
        description="The account's auth token: password of the REST API, signs webhooks.",
    )
    signing_key_id: str | None = Field(
        default=None,
        description="Id of a shared key. With the key set, webhooks are signed "
        "with SHA-256 instead of SHA-1.",
    )
    signing_key: SecretStr | None = Field(default=None, description="The shared key itself.")
    lines: dict[str, str] = Field(
        default_factory=dict,
        description="JSON: a line's number and the webhook that takes its texts. More can be "
        "registered while it runs.",
    )
    numbers: list[str] = Field(
        default_factory=list,
        description="JSON: numbers and short codes whose texts go nowhere yet. The REST API sets "
        "where.",
    )
    calls: dict[str, str] = Field(
        default_factory=dict,
        description="JSON: a line's number and the webhook that takes its calls; news of them go "
        "to `/status` below it. The REST API changes both.",
    )
    delivery_seconds: float = Field(
        default=0.2, ge=0, le=600, description="Seconds between two states of a text's delivery."
    )
    webhook_retries: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How often a failed webhook is sent again when its address does not say so.",
    )
