"""A brand with a long past: a million conversations of ten texts each, straight into PostgreSQL.

Sixty agents take very different shares of them, consumers write once or often, in six languages,
over thirteen months. Rows are written without indexes and without checks of other tables, which are
made afterwards: as they would be, in minutes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg import sql
from psycopg.sql import Literal

from bench.history_texts import SHARES, names, texts
from bench.installation import LINE
from bench.loading import in_a_hurry, without_indexes
from database.partitions.catalogue import CATALOGUE
from database.partitions.months import months, next_month
from database.queries.records.words import stored
from database.queries.words import sign_of, stored_words
from domain.searching.transcripts import transcript_words
from domain.searching.words import words_of

ACCOUNT = "acme"
AGENTS, SKILLS, LABELS, SOURCES = 60, 12, 20, 10
TEXTS = 2_000
"""Of each language."""
TALKS = 500
"""Ways in which conversations of a language and length go: each has its order number besides."""
MONTHS = 13
FILLED = ("consumer", "conversation", "message", "conversation_record")

PEOPLE = """
    INSERT INTO agent (id, account_id, name, email, password_hash, role)
        SELECT 'acme-h' || n, 'acme', 'Agent ' || n, 'h' || n || '@acme.example', '', 'agent'
        FROM generate_series(1, {agents}) AS n;
    INSERT INTO skill (id, account_id, name)
        SELECT 'acme-hs' || n, 'acme', 'Past skill ' || n FROM generate_series(1, {skills}) AS n;
    INSERT INTO agent_skill (agent_id, skill_id)
        SELECT 'acme-h' || n, 'acme-hs' || 1 + n % {skills} FROM generate_series(1, {agents}) AS n;
    INSERT INTO team (id, account_id, name) VALUES ('acme-ht', 'acme', 'Past team');
    INSERT INTO team_member (team_id, agent_id)
        SELECT 'acme-ht', 'acme-h' || n FROM generate_series(1, {agents}, 3) AS n;
    INSERT INTO label (id, account_id, name, colour)
        SELECT 'acme-hl' || n, 'acme', 'Past label ' || n, 'red'
        FROM generate_series(1, {labels}) AS n;
    CREATE UNLOGGED TABLE bench_text (
        language text, place int, text text, words tsvector, PRIMARY KEY (language, place)
    );
    CREATE UNLOGGED TABLE bench_name (place int PRIMARY KEY, name text, words tsvector);
    CREATE AGGREGATE bench_together (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector);
    CREATE FUNCTION bench_place(number bigint, most int) RETURNS int IMMUTABLE LANGUAGE sql AS
        'SELECT floor(most * power((hashint8(number)::bigint + 2147483648) / 4294967296.0, 2))::int'
"""
CONSUMERS = """
    INSERT INTO consumer (id, account_id, phone, number, name, words, language, last_text_at)
    SELECT gen_random_uuid(), 'acme', phone, phone, named.name, named.words, {language}, now()
    FROM (
        SELECT n, '+1555' || lpad((n::bigint * 7919 % 10000000)::text, 7, '0') AS phone,
            (n * 37 % 100)::int AS chance
        FROM generate_series(1, {consumers}) AS n
    ) AS numbered
    JOIN bench_name AS named ON named.place = n % (SELECT count(*) FROM bench_name)
"""
DRAWN = """
    CREATE UNLOGGED TABLE bench_conversation AS
    SELECT drawn.*, gen_random_uuid() AS id, known.id AS consumer_id, known.language,
        'acme-h' || agent AS agent_id,
        'acme-hs' || CASE WHEN random() < 0.8 THEN 1 + agent % {skills}
            ELSE 1 + floor(random() * {skills})::int END AS skill_id,
        row_number() OVER (PARTITION BY known.id ORDER BY opened_at) AS number,
        row_number() OVER (ORDER BY opened_at) AS place
    FROM (
        SELECT n, n <= {open} AS is_open, 1 + floor({agents} * power(random(), 2.2))::int AS agent,
            4 + floor(13 * power(random(), 1.2))::int AS messages,
            CASE WHEN n <= {open} THEN n  -- nobody has two that are open
                ELSE 1 + floor({consumers} * power(random(), 1.6))::int END AS who,
            CASE WHEN n <= {open} THEN now() - random() * interval '1 day'
                ELSE now() - interval '1 day' - random() * interval '395 days' END AS opened_at,
            60 + floor(-ln(1 - random()) * 2400)::int AS seconds,
            floor(-ln(1 - random()) * 150)::int AS response,
            random() AS rated, random() AS labelled, random() AS began, random() AS urgent,
            random() AS late, random() AS ended
        FROM generate_series(1, {conversations}) AS n
    ) AS drawn
    JOIN (
        SELECT id, language, row_number() OVER (ORDER BY phone) AS place FROM consumer
        WHERE account_id = 'acme' AND phone LIKE '+1555_______'
    ) AS known ON known.place = drawn.who
    ORDER BY opened_at
"""
OF_CONVERSATION = """
    CASE WHEN is_open THEN 'assigned' ELSE 'closed' END AS status,
    CASE WHEN NOT is_open THEN opened_at + seconds * interval '1 second' END AS closed_at,
    CASE WHEN is_open THEN NULL WHEN ended < 0.8 THEN 'agent'
        WHEN ended < 0.95 THEN 'auto_close' ELSE 'manager' END AS close_reason,
    CASE WHEN is_open THEN NULL WHEN rated < 0.25 THEN 'completed'
        WHEN rated < 0.5 THEN 'ignored' END AS survey_outcome,
    CASE WHEN rated < 0.25 AND NOT is_open THEN
        CASE WHEN rated < 0.15 THEN 5 WHEN rated < 0.2 THEN 4 WHEN rated < 0.22 THEN 3
            WHEN rated < 0.23 THEN 2 ELSE 1 END END AS survey_score,
    CASE WHEN began < 0.85 THEN 'text' WHEN began < 0.95 THEN 'source'
        ELSE 'notification' END AS origin,
    CASE WHEN began >= 0.85 THEN 'acme-ho' || (began * 1000)::int % {sources} END AS origin_id,
    CASE WHEN urgent < 0.93 THEN 'normal' WHEN urgent < 0.98 THEN 'high'
        WHEN urgent < 0.99 THEN 'urgent' ELSE 'low' END AS priority,
    CASE WHEN labelled < 0.15 THEN ARRAY['acme-hl' || 1 + (labelled * 1000)::int % {labels}]
        ELSE '{{}}' END AS label_ids,
    CASE WHEN is_open THEN opened_at END AS waiting_since,
    CASE WHEN is_open THEN opened_at + interval '10 minutes' END AS response_due_at
"""
CONVERSATIONS = """
    INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number, sequence,
        status, pending_side, skill_id, agent_id, opened_by, opened_at, closed_at, close_reason,
        last_message_at, last_text, message_count, language, origin, origin_id, priority,
        survey_outcome, survey_score, survey_satisfied, survey_scale, waiting_since,
        response_due_at)
    SELECT id, 'acme', {line}, consumer_id, 'bench/' || id, number, 1, status, 'agent', skill_id,
        agent_id, 'consumer', opened_at, closed_at, close_reason,
        coalesce(closed_at, opened_at), 'Thank you', messages, language, origin, origin_id,
        priority, survey_outcome, survey_score, survey_score >= 4,
        CASE WHEN survey_score IS NOT NULL THEN 'one_to_five' END, waiting_since, response_due_at
    FROM (SELECT *, {of} FROM bench_conversation) AS made ORDER BY opened_at
"""
MESSAGES = """
    INSERT INTO message (id, account_id, line_id, consumer_id, conversation_id, position, author,
        agent_id, text, written_at, status)
    SELECT ('00000000-0000-4000-8000-' || lpad(
            to_hex(bench_conversation.place * 64 + position), 12, '0'))::uuid,
        'acme', {line}, consumer_id, id, position,
        CASE WHEN position % 2 = 1 THEN 'consumer' ELSE 'agent' END,
        CASE WHEN position % 2 = 0 THEN agent_id END,
        CASE WHEN position = 2 THEN said.text || ' Order ' || 1000000 + n ELSE said.text END,
        opened_at + position * interval '1 minute',
        CASE WHEN position % 2 = 1 THEN 'received' ELSE 'delivered' END
    FROM bench_conversation CROSS JOIN LATERAL generate_series(1, messages) AS position
    JOIN bench_text AS said ON said.language = bench_conversation.language
        AND said.place = bench_place(n % {talks} * 64 + position, {texts})
"""
TALKS_WORDS = """
    CREATE UNLOGGED TABLE bench_talk AS
    SELECT language, talk, messages, (
        SELECT bench_together(said.words ORDER BY position)
        FROM generate_series(1, messages) AS position
        JOIN bench_text AS said ON said.language = spoken.language
            AND said.place = bench_place(talk * 64 + position, {texts})
    ) AS words
    FROM (SELECT DISTINCT language FROM bench_text) AS spoken,
        generate_series(0, {talks} - 1) AS talk, generate_series(4, 17) AS messages;
    ANALYZE bench_talk
"""
RECORDS = """
    INSERT INTO conversation_record (opened_at, conversation_id, account_id, line_id, consumer_id,
        status, skill_id, agent_id, opened_by, origin, origin_id, priority, language, closed_at,
        close_reason, last_message_at, duration_seconds, first_response_seconds, waiting_since,
        response_due_at, is_late, survey_outcome, survey_score, survey_satisfied, survey_scale,
        texts_in, texts_out, message_count, label_ids, took_part, skill_ids, facets, words)
    SELECT opened_at, id, 'acme', {line}, consumer_id, status, skill_id, agent_id, 'consumer',
        origin, origin_id, priority, language, closed_at, close_reason,
        coalesce(closed_at, opened_at), CASE WHEN NOT is_open THEN seconds END, response,
        waiting_since, response_due_at, late < 0.12, survey_outcome, survey_score,
        survey_score >= 4, CASE WHEN survey_score IS NOT NULL THEN 'one_to_five' END,
        (messages + 1) / 2, messages / 2, messages, label_ids, ARRAY[agent_id], ARRAY[skill_id],
        array_remove(ARRAY[
            {sign} || 'st:' || status, {sign} || 'sk:' || skill_id, {sign} || 'sw:' || skill_id,
            {sign} || 'ag:' || agent_id, {sign} || 'tp:' || agent_id, {sign} || 'li:' || {line},
            {sign} || 'or:' || origin, {sign} || 'oi:' || origin_id, {sign} || 'ob:consumer',
            {sign} || 'pr:' || priority, {sign} || 'lg:' || language,
            {sign} || 'cr:' || close_reason, {sign} || 'su:' || coalesce(survey_outcome, 'none'),
            {sign} || 'sc:' || survey_score, {sign} || 'la:' || label_ids[1],
            {sign} || 'sa:' || CASE WHEN survey_score >= 4 THEN 'yes' ELSE 'no' END,
            {sign} || 'np:' || survey_score * 2,
            {sign} || 'rs:' || CASE WHEN survey_score >= 3 THEN 'yes'
                WHEN survey_score < 3 THEN 'no' END,
            {sign} || 're:' || CASE WHEN late < 0.12 THEN 'late' ELSE 'in_time' END,
            CASE WHEN is_open THEN {sign} || 're:waits' END
        ], NULL),
        talk.words || ('''' || {sign} || 1000000 + n || ''':999')::tsvector
    FROM (SELECT *, {of} FROM bench_conversation) AS made
    JOIN bench_talk AS talk USING (language, messages)
    WHERE talk.talk = n % {talks} AND opened_at >= {since} AND opened_at < {until}
    ORDER BY opened_at
"""
CLEAN = """
    DROP TABLE bench_conversation, bench_text, bench_name, bench_talk;
    DROP AGGREGATE bench_together (tsvector);
    DROP FUNCTION bench_place
"""


def load(url: str, conversations: int, step: Callable[[str], None]) -> None:
    """Fill the demo brand's past. `step`: is told what is done next."""
    values = _values(conversations)
    with in_a_hurry(url) as connection:
        _run(connection, PEOPLE, values)
        _pool(connection)
        step("months")
        _months(connection)
        with without_indexes(connection, FILLED, step):
            for name, statement in (
                ("consumers", CONSUMERS),
                ("what happened", DRAWN),
                ("conversations", CONVERSATIONS),
                ("messages", MESSAGES),
            ):
                step(name)
                _run(connection, statement, values)
            step("words")
            _run(connection, TALKS_WORDS, values)
            step("records")
            _records(connection, values)
        step("statistics")
        connection.execute("VACUUM ANALYZE")
        _run(connection, CLEAN, values)


def _values(conversations: int) -> dict[str, sql.Composable]:
    counts = {
        "agents": AGENTS,
        "skills": SKILLS,
        "labels": LABELS,
        "sources": SOURCES,
        "texts": TEXTS,
        "talks": TALKS,
        "conversations": conversations,
        "consumers": max(conversations * 3 // 10, 100),
        "open": max(conversations // 5_000, 2),
    }
    values: dict[str, sql.Composable] = {name: Literal(value) for name, value in counts.items()}
    values["line"], values["sign"] = Literal(LINE), Literal(sign_of(ACCOUNT))
    values["of"] = sql.SQL(OF_CONVERSATION).format(**values)
    values["language"] = sql.SQL(_language())
    return values


def _language() -> str:
    """Return the expression of a consumer's language by their `chance`."""
    upper, cases = 0, ""
    for language, share in SHARES.items():
        upper += share
        cases += f"WHEN chance < {upper} THEN '{language}' "
    return f"CASE {cases}END"


def _run(
    connection: psycopg.Connection, statements: str, values: dict[str, sql.Composable]
) -> None:
    for statement in statements.split(";"):
        connection.execute(sql.SQL(statement).format(**values))


def _pool(connection: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        with cursor.copy("COPY bench_text FROM STDIN") as copy:
            for one in texts(TEXTS):
                words = transcript_words([one.text], one.language)
                copy.write_row((one.language, one.place, one.text, stored(ACCOUNT, words)))
        with cursor.copy("COPY bench_name FROM STDIN") as copy:
            for place, name in enumerate(names()):
                copy.write_row((place, name, stored_words(ACCOUNT, words_of(name))))
    connection.execute("ANALYZE bench_text")


def _months(connection: psycopg.Connection) -> None:
    """Make partitions for all of the past, as the months that went by would have."""
    now = datetime.now(UTC)
    past = list(months(now - timedelta(days=31 * (MONTHS + 1)), now))
    for table, month in ((table, month) for table in CATALOGUE for month in past):
        name = table.name_of(month)
        there = connection.execute("SELECT to_regclass(%s)", [name]).fetchone()
        if there is None or there[0] is None:
            with connection.transaction():
                for statement in table.making(month):
                    connection.execute(sql.SQL(statement))


def _records(connection: psycopg.Connection, values: dict[str, sql.Composable]) -> None:
    now = datetime.now(UTC)
    for month in months(now - timedelta(days=31 * (MONTHS + 1)), now):
        spell = {"since": Literal(month), "until": Literal(next_month(month))}
        _run(connection, RECORDS, values | spell)
