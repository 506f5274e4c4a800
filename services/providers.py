"""The known providers, and checks whether a connector can be used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from database.engine import Sessions
from database.queries import account_rows, catching_up, pauses
from database.queries.catching_up import BEHIND_AFTER, Progress
from database.tables import Connector, ConnectorPause
from domain.delivery.exchanges import ExchangeKind
from domain.people.roles import Role
from providers.contract import Description, Provider
from providers.health import Finding, HealthCheck
from security.secrets import SecretBox, SecretUnreadable
from services.caller import Caller
from services.clock import utc_now
from tracing.trace import About, Trace

KNOWN = HealthCheck("provider_known", "This version of Switchboard knows the provider")
READABLE = HealthCheck("secret_readable", "The secret can be decrypted and is complete")

COMPLETE = HealthCheck("texts_complete", "All texts that the provider has are here")
IN_ORDER = HealthCheck("in_order", "The provider takes its texts")

UNKNOWN = "Update the API and the workers, or change the connector. Its texts wait until then."
PAUSED = (
    "{reason} Its texts have waited since {since:%Y-%m-%d %H:%M} UTC. One of them is tried again "
    "at growing intervals. Mend the account, then enter the secret again or resume the connector: "
    "they leave at once."
)
UNREADABLE = (
    "Restore the encryption key that was removed, or enter the secret again. "
    "Its texts wait until then."
)


def known_providers(caller: Caller, providers: Mapping[str, Provider]) -> list[Description]:
    """Return the description of each provider, by name. For admins."""
    caller.require(Role.admin)
    return [providers[name].description for name in sorted(providers)]


async def check_connector(
    caller: Caller,
    sessions: Sessions,
    providers: Mapping[str, Provider],
    secrets: SecretBox,
    connector_id: str,
    trace: Trace,
) -> tuple[Finding, ...]:
    """Return the results of our checks and the provider's. For admins. Raises `NotFound`.

    No database connection is held while the provider answers.
    """
    caller.require(Role.admin)
    async with sessions() as session:
        row = await account_rows.find(session, Connector, caller.account_id, connector_id)
        pause = await pauses.of_connector(session, row.id)
    provider = providers.get(row.provider)
    if provider is None:
        return (Finding(KNOWN, is_well=False, sentence=UNKNOWN),)
    found = (Finding(KNOWN, is_well=True),)
    try:
        credentials = secrets.unseal(row.secret, provider.description.credentials, row.api_url)
    except SecretUnreadable:
        return (*found, Finding(READABLE, is_well=False, sentence=UNREADABLE))
    ours = [*found, Finding(READABLE, is_well=True), _in_order(pause)]
    if provider.description.capabilities.lists_texts:
        async with sessions() as session:
            lines = await catching_up.progress(session, connector_id)
        ours.append(completeness(lines, utc_now()))
    with trace.of_calls(About(ExchangeKind.check, row.account_id, row.id), credentials):
        checked = await provider.check(credentials)
    return (*ours, *checked)


def _in_order(pause: ConnectorPause | None) -> Finding:
    if pause is None:
        return Finding(IN_ORDER, is_well=True)
    sentence = PAUSED.format(reason=pause.sentence, since=pause.paused_at)
    return Finding(IN_ORDER, is_well=False, sentence=sentence)


def completeness(lines: Sequence[Progress], now: datetime) -> Finding:
    """Say whether the texts of all lines were lately compared with the provider's list.

    The sentence says how far they were and how many were fetched, also when all is well.
    """
    fetched = sum(line.found for line in lines)
    behind = [line for line in lines if now - line.complete_until > BEHIND_AFTER]
    if not behind:
        until = min((line.complete_until for line in lines), default=now)
        return Finding(COMPLETE, True, f"Until {shown(until)}. {fetched} texts were fetched late.")
    worst = min(behind, key=lambda line: line.complete_until)
    return Finding(
        COMPLETE,
        False,
        f"{worst.line_name} was last compared with the provider's list at "
        f"{shown(worst.complete_until)}. Texts since then may be missing. Check the credentials, "
        "and whether a worker runs. What is missing is fetched as soon as the list can be read.",
    )


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
