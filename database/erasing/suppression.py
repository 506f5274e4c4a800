"""Opt-outs and blocks of erased numbers: kept as keyed hashes, and applied by the database itself.

The keys are of the installation's keyring, and no database holds them: a connection brings them as
a setting. Whoever inserts a consumer needs them once an account has such a hash, or is refused: so
nothing can forget to ask. The hash is HMAC-SHA-256, written out because PostgreSQL has only SHA-256
without an extension; a key stands as its two pads (RFC 2104).
"""

from collections.abc import Sequence

SETTING = "switchboard.suppression_keys"
BLOCKED = "blocked"
"""The scope of a block, beside the scopes of consent."""
BLOCK_BYTES = 64
OUTER, INNER = 0x5C, 0x36

HASHES = f"""
CREATE OR REPLACE FUNCTION suppression_hashes(account text, phone text) RETURNS bytea[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    keys text := nullif(current_setting('{SETTING}', true), '');
BEGIN
    IF keys IS NULL THEN
        RAISE EXCEPTION 'this connection lacks the keys of erased numbers';
    END IF;
    RETURN ARRAY(
        SELECT sha256(
            decode(split_part(one.pads, '.', 2), 'hex')
            || sha256(
                decode(split_part(one.pads, '.', 1), 'hex')
                || convert_to(account || '/' || phone, 'UTF8')
            )
        )
        FROM unnest(string_to_array(keys, '_')) WITH ORDINALITY AS one (pads, place)
        ORDER BY one.place
    );
END $$
"""  # noqa: S608 - our own words

SUPPRESSES = f"""
CREATE OR REPLACE FUNCTION suppress_consumer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hashes bytea[];
BEGIN
    IF NOT EXISTS (SELECT FROM suppression WHERE account_id = NEW.account_id) THEN
        RETURN NULL;
    END IF;
    hashes := suppression_hashes(NEW.account_id, NEW.phone);
    UPDATE consumer SET blocked_at = kept.since
    FROM suppression AS kept
    WHERE consumer.id = NEW.id AND kept.account_id = NEW.account_id
      AND kept.number_hash = ANY(hashes) AND kept.scope = '{BLOCKED}';
    INSERT INTO consent (consumer_id, scope, is_opted_out, changed_at)
    SELECT NEW.id, kept.scope, true, min(kept.since) FROM suppression AS kept
    WHERE kept.account_id = NEW.account_id AND kept.number_hash = ANY(hashes)
      AND kept.scope <> '{BLOCKED}'
    GROUP BY kept.scope;
    INSERT INTO consent_event (account_id, consumer_id, scope, kind, source, at, evidence)
    SELECT NEW.account_id, NEW.id, consent.scope, 'opted_out', 'erasure', consent.changed_at,
        'The opt-out outlived the erasure of the number.'
    FROM consent WHERE consent.consumer_id = NEW.id;
    RETURN NULL;
END $$
"""  # noqa: S608 - our own words

KEEPS = """
CREATE OR REPLACE FUNCTION consent_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('switchboard.forgets', true) = 'yes' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'consent_event is append-only';
END
$$
"""


def setting_of(keys: Sequence[bytes]) -> str:
    """Return keys as a connection's setting, the one in use first."""
    return "_".join(f"{_padded(key, INNER)}.{_padded(key, OUTER)}" for key in keys)


def _padded(key: bytes, pad: int) -> str:
    return bytes(byte ^ pad for byte in key.ljust(BLOCK_BYTES, b"\0")).hex()
