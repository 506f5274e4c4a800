"""Which tables hold something about a consumer, where, and what becomes of it; and which hold none.

A new table: add it to `PERSONAL`, in the order in which it is erased, or to `IMPERSONAL`. A table
that rows are deleted of comes before those it refers to, and before what they are found by.

Conditions know `:conversations`, ids of conversations that have ended. Those of consumers also know
`:consumers`, ids of numbers; `:phones` and `:digits`, what numbers are found by; `:pattern`, the
same in any spelling as a regular expression; `:ends`, their ends as one; `:whole`, their digits;
`:marks`, all ids and digits for LIKE; `:naming`, ids of rows whose filters ask for them. Those of
age know `:account`, `:now` and `:days`, for how many its account keeps things; those of texts know
`:texts`, ids of messages without a conversation that are older than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from database.erasing.naming import ASKED_BY_END, IS_UNDER_WAY, NAMES_THEM, TAKEN, WITHOUT_NAMES
from database.statuses import listed
from domain.batches.kinds import ENDED, BatchStatus
from domain.delivery.statuses import LOOKED_UP, NOT_YET_SENT
from domain.erasure.kinds import ERASED, ERASED_CALLER
from domain.exporting.kinds import NAMED_ERASED, TAKEN_BACK

OF_CONVERSATION = "conversation_id = ANY(:conversations)"
OF_MESSAGE = "message_id IN (SELECT id FROM message WHERE conversation_id = ANY(:conversations))"
OF_MESSAGE_ALONE = (
    "message_id IN (SELECT id FROM message "
    "WHERE consumer_id = ANY(:consumers) AND conversation_id IS NULL)"
)
OF_RECORD = (
    "(opened_at, conversation_id) IN "
    "(SELECT opened_at, id FROM conversation WHERE id = ANY(:conversations))"
)
OF_CONSUMER = "consumer_id = ANY(:consumers)"
OF_INBOUND = "IN (SELECT id FROM inbound WHERE consumer_id = ANY(:consumers))"
IN_TRANSCRIPT = "IN (SELECT id FROM message WHERE conversation_id = ANY(:conversations))"
OF_TEXT = "message_id = ANY(:texts)"
IS_OLD = ":now - make_interval(days => CAST(:days AS integer))"
OVER = ", ".join(f"'{status}'" for status in ENDED)
AT_REST = ", ".join(f"'{status}'" for status in (BatchStatus.draft, BatchStatus.paused))
BATCHES_OVER = f"""
    SELECT id FROM batch
    WHERE account_id = :account AND status IN ({OVER}) AND ended_at < {IS_OLD}
"""  # noqa: S608 - our own words
BATCHES_AT_REST = f"""
    SELECT id FROM batch
    WHERE account_id = :account AND status IN ({AT_REST})
      AND greatest(created_at, due_at, send_from) < {IS_OLD}
      AND NOT EXISTS (
          SELECT FROM batch_upload WHERE batch_id = batch.id AND uploaded_at >= {IS_OLD}
      )
"""  # noqa: S608 - our own words
"""Nobody has started or resumed them for so long. `due_at`: when a worker looked at it last."""
IS_NEEDED = f"""(
    message.status IN ({listed(NOT_YET_SENT)})
    OR message.status IN ({listed(LOOKED_UP)}) AND message.look_up_at IS NOT NULL
    OR EXISTS (
        SELECT FROM invitation
        WHERE invitation.message_id = message.id
          AND greatest(message.attempted_at, invitation.invited_at)
              + make_interval(secs => invitation.look_back_seconds) >= :now
    )
)"""
"""A text that is on its way still, or to which a reply would open a conversation."""
TEXT_IS_NEEDED = f"""EXISTS (
    SELECT FROM message
    WHERE message.id = phone_call.message_id AND message.conversation_id IS NULL AND {IS_NEEDED}
)"""
"""Of a call: the text that answers it."""
OF_WEBHOOK = (
    "(connector_id, provider_message_id) IN (SELECT connector_id, provider_message_id "
    "FROM inbound WHERE {which})"
)
HIDE = "regexp_replace({column}::text, :pattern, '•••', 'g')"
HIDE_ENDS = f"regexp_replace({HIDE}, :ends, '•••', 'g')"
HAS_NUMBER = "(account_id = :account AND {column}::text ~ :pattern)"


@dataclass(frozen=True)
class Personal:
    """A table with something about consumers. `kind`: as what it is counted.

    `by_conversation`, `by_consumer`: conditions, each fit for an index; the former are of what goes
    with old conversations as well. `by_age`: of what goes by itself, and no longer finds what has
    gone, the first of it by `oldest`, a column; `stays`: what of it is needed still. `by_text`: of
    what goes with old texts that have no conversation. `clears`: columns and
    the expressions they become; None: rows are deleted. `needs`: a setting of the transaction.
    """

    kind: str
    by_conversation: tuple[str, ...] = ()
    by_consumer: tuple[str, ...] = ()
    clears: Mapping[str, str] | None = None
    needs: str = ""
    by_age: tuple[str, ...] = ()
    by_text: tuple[str, ...] = ()
    oldest: str = ""
    stays: str = "false"


STATE = """
    CASE WHEN jsonb_typeof(state -> 'survey') = 'object'
        THEN jsonb_set(state, '{survey}',
            (state -> 'survey') - ARRAY['comment', 'last_text', 'unused', 'answers'])
        ELSE state
    END - ARRAY['last_text', 'scheduled', 'carried', 'origin', 'phone_answer', 'skill_reason']
"""
"""A conversation's state without words; what is left out has a default. `skill_reason` quotes the
title of the text that was answered.
"""
POLICY = "policy - 'skill_reason'"
TITLE = f"CASE WHEN origin_id = message_id::text THEN '{ERASED}' ELSE title END"
"""What a program or an agent called a text to one consumer, whose origin is the text itself. That
of a batch or a call is the brand's word for many.
"""
JOB_OF_ONE = """(
    account_id = :account AND total = 1 AND EXISTS (
        SELECT FROM bulk_item WHERE job_id = bulk_job.id AND conversation_id = ANY(:conversations)
    )
)"""
"""An action for many conversations that was given for one: its note is about that consumer."""
ANSWERS = """
    (SELECT coalesce(jsonb_agg(one - 'text' ORDER BY place), '[]')
     FROM jsonb_array_elements(survey_answers) WITH ORDINALITY AS answer (one, place))
"""

PERSONAL: Mapping[str, Personal] = {
    "media_file": Personal(
        "files",
        (OF_CONVERSATION, f"message_id {IN_TRANSCRIPT}"),
        (f"message_id {OF_INBOUND}",),
    ),
    "push": Personal(
        "notices",
        ("notice_id IN (SELECT id FROM notice WHERE conversation_id = ANY(:conversations))",),
    ),
    "notice": Personal("notices", (OF_CONVERSATION,)),
    "mention": Personal("mentions", (OF_MESSAGE,)),
    "draft": Personal("drafts", (OF_CONVERSATION,)),
    "conversation_record": Personal("words", (OF_RECORD,), clears={"words": "NULL"}),
    "part_report": Personal(
        "delivery_reports", (OF_MESSAGE,), (OF_MESSAGE_ALONE,), by_text=(OF_TEXT,)
    ),
    "exchange": Personal(
        "exchanges",
        (OF_MESSAGE, OF_WEBHOOK.format(which=f"id {IN_TRANSCRIPT}")),
        (OF_MESSAGE_ALONE, OF_WEBHOOK.format(which=OF_CONSUMER)),
        by_text=(OF_TEXT,),
    ),
    "endpoint_attempt": Personal(
        "endpoint_answers", by_consumer=(OF_CONVERSATION,), clears={"answer": "''"}
    ),
    "routing_decision": Personal("routing_decisions", (OF_CONVERSATION,)),
    "invitation": Personal(
        "invitations",
        (OF_CONVERSATION,),
        (OF_CONSUMER,),
        {"title": TITLE, "context": "'{}'::jsonb"},
        by_text=(OF_TEXT,),
    ),
    "event": Personal(
        "events",
        (OF_CONVERSATION,),
        clears={"command_key": "NULL", "data": "data - ARRAY['text', 'comment', 'note', 'number']"},
    ),
    "inbound_part": Personal(
        "received_parts",
        (f"inbound_id {IN_TRANSCRIPT}", f"late_id {IN_TRANSCRIPT}"),
        (f"inbound_id {OF_INBOUND}", f"late_id {OF_INBOUND}"),
        {"content": r"'\x'::bytea", "media": "'[]'::jsonb", "raw": "'{}'::jsonb"},
    ),
    "inbound": Personal(
        "received_texts",
        (f"id {IN_TRANSCRIPT}",),
        (OF_CONSUMER,),
        {"text": "''", "media": "'[]'::jsonb", "raw": "'{}'::jsonb"},
    ),
    "message": Personal(
        "messages",
        (OF_CONVERSATION,),
        (f"{OF_CONSUMER} AND conversation_id IS NULL",),
        {
            "text": f"'{ERASED}'",
            "media": "'[]'::jsonb",
            "provider_message_id": "NULL",
            "provider_message": "NULL",
            "failure_sentence": "NULL",
            "look_up_at": "NULL",
        },
        by_age=(
            f"account_id = :account AND conversation_id IS NULL AND text <> '{ERASED}' "
            f"AND written_at < {IS_OLD}",
        ),
        by_text=("id = ANY(:texts) AND conversation_id IS NULL",),
        oldest="written_at",
        stays=IS_NEEDED,
    ),
    "latest_step": Personal(
        "states", (OF_CONVERSATION,), clears={"state": STATE, "policy": POLICY}
    ),
    "batch_recipient": Personal(
        "batch_texts",
        by_consumer=(
            "batch_id IN (SELECT id FROM batch WHERE account_id = :account) "
            "AND phone = ANY(:phones)",
        ),
        clears={
            "phone": "'erased/' || place",
            "number": "''",
            "text": "''",
            "evidence": "NULL",
            "status": "CASE status WHEN 'waiting' THEN 'left_out' ELSE status END",
            "left_out": "CASE status WHEN 'waiting' THEN 'erased' ELSE left_out END",
        },
        by_age=(
            f"number <> '' AND status <> 'waiting' AND batch_id IN ({BATCHES_OVER})",
            f"number <> '' AND batch_id IN ({BATCHES_AT_REST})",
        ),
    ),
    "phone_call": Personal(
        "calls",
        by_consumer=(
            OF_CONSUMER,
            "account_id = :account AND regexp_replace(caller, '[^0-9]', '', 'g') = ANY(:digits)",
        ),
        clears={"caller": f"'{ERASED_CALLER}'", "asked": "NULL", "own_text": "NULL"},
        by_age=(
            f"caller <> '{ERASED_CALLER}' AND account_id = :account AND began_at < {IS_OLD} "
            "AND text_due_at IS NULL",
        ),
        oldest="began_at",
        stays=TEXT_IS_NEEDED,
    ),
    "consent": Personal("consents", by_consumer=(OF_CONSUMER,)),
    "consent_event": Personal("consents", by_consumer=(OF_CONSUMER,), needs="yes"),
    "block_event": Personal("blocks", by_consumer=(OF_CONSUMER,), needs="yes"),
    "consumer_merge": Personal(
        "merges", by_consumer=("merged_id = ANY(:consumers)", "kept_id = ANY(:consumers)")
    ),
    "idempotency": Personal(
        "kept_answers", by_consumer=("account_id = :account AND body::text LIKE ANY(:marks)",)
    ),
    "named_view": Personal(
        "views",
        by_consumer=(
            HAS_NUMBER.format(column="filters"),
            HAS_NUMBER.format(column="name"),
            ASKED_BY_END["named_view"],
            NAMES_THEM,
        ),
    ),
    "export_schedule": Personal(
        "export_schedules",
        by_consumer=(
            HAS_NUMBER.format(column="filters"),
            HAS_NUMBER.format(column="name"),
            ASKED_BY_END["export_schedule"],
            NAMES_THEM,
        ),
        clears={
            "filters": WITHOUT_NAMES,
            "name": HIDE_ENDS.format(column="name"),
            # It goes on once somebody has looked at what it asks for without them.
            "paused_at": "coalesce(paused_at, retired_at, now())",
            "failure": f"'{NAMED_ERASED}'",
        },
    ),
    "export": Personal(
        "exports",
        by_consumer=(
            HAS_NUMBER.format(column="filters"),
            ASKED_BY_END["export"],
            NAMES_THEM,
        ),
        clears={
            "filters": WITHOUT_NAMES,
            # With these filters it would become one of everybody.
            "status": f"CASE {TAKEN} ELSE status END",
            "failure": f"CASE WHEN {IS_UNDER_WAY} THEN '{TAKEN_BACK}' ELSE failure END",
            "ended_at": f"CASE WHEN {IS_UNDER_WAY} THEN now() ELSE ended_at END",
        },
    ),
    "bulk_job": Personal(
        "bulk_jobs",
        by_consumer=(HAS_NUMBER.format(column="input"), JOB_OF_ONE),
        clears={
            "input": f"CASE WHEN {JOB_OF_ONE} THEN input - 'note' "
            f"ELSE {HIDE.format(column='input')}::jsonb END"
        },
    ),
    "audit_entry": Personal(
        "audit_entries",
        by_consumer=(
            HAS_NUMBER.format(column="before"),
            HAS_NUMBER.format(column="after"),
            HAS_NUMBER.format(column="name"),
        ),
        clears={
            "before": HIDE.format(column="before") + "::jsonb",
            "after": HIDE.format(column="after") + "::jsonb",
            "name": HIDE.format(column="name"),
        },
        needs="redacts",
    ),
    "conversation": Personal(
        "conversations",
        ("id = ANY(:conversations)",),
        clears={
            "last_text": "NULL",
            "survey_comment": "NULL",
            "survey_answers": ANSWERS,
            "scheduled": "'[]'::jsonb",
            "origin_data": "'{}'::jsonb",
            "forgotten_at": "coalesce(forgotten_at, now())",
        },
    ),
    "consumer": Personal(
        "consumers",
        by_consumer=("id = ANY(:consumers)",),
        clears={
            "name": "NULL",
            "email": "NULL",
            "note": "NULL",
            "fields": "'{}'::jsonb",
            "language": "NULL",
            "language_source": "NULL",
            "blocked_reason": "NULL",
            "words": "NULL",
        },
    ),
}
"""In the order of erasing: what others are found by comes later."""
OF_AGE = tuple(name for name, table in PERSONAL.items() if table.by_age)
"""Tables of which something goes with age alone, in the order of erasing."""

IDS = "ids of ours, times and counts only"
SETTINGS = "settings of the brand, written by its people about no consumer"
PEOPLE = "about the brand's own people, their log-ins and programs"
FIGURES = "what figures are made of: ids and times without words"
FILES_TAKEN_BACK = "files, which are taken back when they may hold what is erased of their account"
OWN = (
    "the erasure itself: when it is over, its number goes from it and from the reasons of all "
    "others, and the keyed hash stays by intention"
)

IMPERSONAL: Mapping[str, str] = {
    **dict.fromkeys(("erasure", "suppression"), OWN),
    **dict.fromkeys(
        (
            *("account", "automatic_message", "automatic_timer", "away_reason", "batch", "bot"),
            *("closing_reason", "closing_reason_skill", "connector", "consumer_field", "endpoint"),
            "export_bucket",
            *("identity_provider", "label", "line", "line_keyword", "line_set_up", "menu"),
            *("menu_number", "menu_version", "panel", "saved_reply", "skill", "skill_bot"),
            *("skill_transfer_target", "source", "special_day", "survey", "team", "team_member"),
            *("team_skill", "working_period", "hours_version"),
        ),
        SETTINGS,
    ),
    **dict.fromkeys(
        (
            *("agent", "agent_skill", "agent_state_period", "api_token", "log_in_failure"),
            *(
                "notice_preference",
                "open_pages",
                "operator",
                "operator_action",
                "person_link",
                "process",
                "push_key",
            ),
            *("push_subscription", "recovery_code", "request_count", "saved_reply_use", "session"),
            *("set_up_link", "view_order"),
        ),
        PEOPLE,
    ),
    **dict.fromkeys(
        (
            *("conversation_label", "participation", "queue_entry", "reading", "text_count"),
            *("report_fact", "report_sum", "consumer_day", "load_hour"),
        ),
        FIGURES,
    ),
    "export_part": FILES_TAKEN_BACK,
    **dict.fromkeys(
        (
            *("alert", "batch_upload", "bot_record", "bound_hit", "bulk_item", "catch_up"),
            "inbound_key",
            *("connector_pause", "endpoint_delivery", "line_health", "line_lane", "line_refusal"),
            *("line_test", "notice_reading", "record_reading", "report_reading", "stale_day"),
            *("summed_month", "consent_due", "measurement", "unread_event"),
            *("installation", "restore", "telling"),
        ),
        IDS,
    ),
    "batch_bad_row": "line and reason, never a number or a text",
    "webhook_refusal": "the last unsigned request of a line, with numbers and words taken out",
}
