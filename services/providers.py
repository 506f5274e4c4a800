"""The known providers, and checks whether a connector can be used."""

from collections.abc import Mapping

from database.engine import Sessions
from database.queries import account_rows
from database.tables import Connector
from domain.delivery.exchanges import ExchangeKind
from domain.people.roles import Role
from providers.contract import Description, Finding, HealthCheck, Provider
from security.secrets import SecretBox, SecretUnreadable
from services.caller import Caller
from tracing.trace import About, Trace

KNOWN = HealthCheck("provider_known", "This version of Switchboard knows the provider")
READABLE = HealthCheck("secret_readable", "The secret can be decrypted and is complete")

UNKNOWN = "Update the API and the workers, or change the connector. Its texts wait until then."
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
    provider = providers.get(row.provider)
    if provider is None:
        return (Finding(KNOWN, is_well=False, sentence=UNKNOWN),)
    found = (Finding(KNOWN, is_well=True),)
    try:
        credentials = secrets.unseal(row.secret, provider.description.credentials, row.api_url)
    except SecretUnreadable:
        return (*found, Finding(READABLE, is_well=False, sentence=UNREADABLE))
    with trace.of_calls(About(ExchangeKind.check, row.account_id, row.id), credentials):
        checked = await provider.check(credentials)
    return (*found, Finding(READABLE, is_well=True), *checked)
