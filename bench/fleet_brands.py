"""Many small accounts for the fleet part, each with a line, a skill and a few agents."""

from collections.abc import Sequence

from sqlalchemy import text as sql

from bench.installation import CONNECTOR, MeasuredInstallation
from bench.texting import Texted

AGENTS_EACH = 4
BRANDS = """
    INSERT INTO account (id, name, brand, default_capacity)
        SELECT 'fleet-' || n, 'Fleet ' || n, 'Fleet', 100000
        FROM generate_series(1, CAST(:accounts AS int)) AS n ON CONFLICT DO NOTHING;
    INSERT INTO connector (id, account_id, provider, name, secret, api_url)
        SELECT account.id, account.id, provider, connector.name, secret, api_url
        FROM account, connector WHERE account.id LIKE 'fleet-%' AND connector.id = :connector
        ON CONFLICT DO NOTHING;
    INSERT INTO skill (id, account_id, name)
        SELECT id, id, 'Support' FROM account WHERE id LIKE 'fleet-%' ON CONFLICT DO NOTHING;
    INSERT INTO line (id, account_id, connector_id, name, address, kind, entry_skill_id)
        SELECT id, id, id, 'Support', '+1555099' || lpad(split_part(id, '-', 2), 4, '0'),
            'long_code', id
        FROM account WHERE id LIKE 'fleet-%' ON CONFLICT DO NOTHING;
    INSERT INTO agent (id, account_id, name, email, password_hash, role, state, capacity)
        SELECT account.id || '-' || n, account.id, 'Agent ' || n,
            n || '@' || account.id || '.example', '', 'agent', 'online', 100000
        FROM account, generate_series(1, CAST(:agents AS int)) AS n
        WHERE account.id LIKE 'fleet-%' ON CONFLICT DO NOTHING;
    INSERT INTO agent_skill (agent_id, skill_id)
        SELECT agent.id, agent.account_id FROM agent WHERE account_id LIKE 'fleet-%'
        ON CONFLICT DO NOTHING
"""
LINES = sql("SELECT id, address FROM line WHERE id LIKE 'fleet-%' ORDER BY id")


async def founded(installation: MeasuredInstallation, accounts: int) -> Sequence[Texted]:
    """Add accounts, and return their lines. The carrier's secret is the demo brand's."""
    values = {"accounts": accounts, "agents": AGENTS_EACH, "connector": CONNECTOR}
    async with installation.sessions.begin() as session:
        for statement in BRANDS.split(";"):
            await session.execute(sql(statement), values)
        found = (await session.execute(LINES)).all()
    return [Texted(id, address) for id, address in found][:accounts]
