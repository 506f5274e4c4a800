"""The trigger that writes the audit log, for migrations and for the test that compares them."""

from alembic import op

from database.auditing.tables import HIDDEN, Audited

FUNCTION = r"""
CREATE OR REPLACE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quiet text[] := string_to_array(TG_ARGV[1], ',');
    hidden text[] := string_to_array(TG_ARGV[2], ',');
    was jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    now_is jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    whole jsonb := was || now_is;
    actor text[] := string_to_array(
        coalesce(nullif(current_setting('switchboard.actor', true), ''), E'\t\t\t\t'), E'\t'
    );
    account text;
    name text;
    inner_key text[];
BEGIN
    IF TG_NARGS > 3 AND whole ->> TG_ARGV[3] IS NOT NULL THEN
        RETURN NULL;
    END IF;
    was := was - quiet;
    now_is := now_is - quiet;
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}'::jsonb) INTO now_is
        FROM jsonb_each(now_is) AS one WHERE was -> one.key IS DISTINCT FROM one.value;
        IF now_is = '{}'::jsonb THEN
            RETURN NULL;
        END IF;
        SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}'::jsonb) INTO was
        FROM jsonb_each(was) AS one WHERE now_is ? one.key;
    END IF;
    SELECT was || coalesce(jsonb_object_agg(one, '•••'::text), '{}'::jsonb) INTO was
    FROM unnest(hidden) AS one WHERE was ->> one IS NOT NULL;
    SELECT now_is || coalesce(jsonb_object_agg(one, '•••'::text), '{}'::jsonb) INTO now_is
    FROM unnest(hidden) AS one WHERE now_is ->> one IS NOT NULL;
    FOR inner_key IN SELECT string_to_array(one, '.') FROM unnest(hidden) AS one
        WHERE position('.' IN one) > 0
    LOOP
        IF was #> inner_key IS NOT NULL THEN
            was := jsonb_set(was, inner_key, '"•••"');
        END IF;
        IF now_is #> inner_key IS NOT NULL THEN
            now_is := jsonb_set(now_is, inner_key, '"•••"');
        END IF;
    END LOOP;
    IF position(':' IN TG_ARGV[0]) = 0 THEN
        account := whole ->> TG_ARGV[0];
        name := coalesce(whole ->> 'name', whole ->> 'title');
    ELSE
        EXECUTE format(
            'SELECT account_id, to_jsonb(parent) ->> ''name'' FROM %I AS parent WHERE id = $1',
            split_part(TG_ARGV[0], ':', 1)
        ) INTO account, name USING whole ->> split_part(TG_ARGV[0], ':', 2);
    END IF;
    IF account IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_entry (
        account_id, actor, agent_id, door, address, request_id, action, subject, subject_id, name,
        before, after
    ) VALUES (
        account, nullif(actor[1], ''), nullif(actor[2], ''), nullif(actor[3], ''),
        nullif(actor[4], ''), nullif(actor[5], ''),
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
        TG_TABLE_NAME,
        coalesce(whole ->> 'id', whole ->> nullif(split_part(TG_ARGV[0], ':', 2), ''), ''),
        name, was, now_is
    );
    RETURN NULL;
END $$
"""

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('switchboard.forgets', true) = 'yes' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF current_setting('switchboard.forgets', true) = 'redacts' AND TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - ARRAY['name', 'before', 'after']
            = to_jsonb(OLD) - ARRAY['name', 'before', 'after'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to';
END $$
"""


def audit(table: str, audited: Audited) -> None:
    """Make a table write the audit log. `audited.quiet` and what is hidden go with it."""
    arguments = ", ".join(f"'{one}'" for one in arguments_of(audited))
    op.execute(
        f"CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION audit({arguments})"
    )


def arguments_of(audited: Audited) -> tuple[str, ...]:
    """Return the arguments of a table's trigger."""
    owner = (audited.owner,) if audited.owner else ()
    hidden = (*sorted(HIDDEN), *audited.hides)
    return audited.account, ",".join(audited.quiet), ",".join(hidden), *owner


def stop_auditing(table: str) -> None:
    """Take the trigger away again."""
    op.execute(f"DROP TRIGGER audited ON {table}")
