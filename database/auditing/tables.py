"""Which tables the audit log is about, and which not and why.

A new table of settings: add it to `AUDITED`, and call `audit` of `database.auditing.trigger` in its
migration. A new table of another kind: add it to `NOT_AUDITED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.exporting.kinds import NAMES_SOMEBODY

HIDDEN = frozenset(
    {"password_hash", "token_hash", "secret", "previous_secret", "private_key", "totp_secret"}
)
"""Columns whose values are never shown, in any table: the log says only that they changed."""


@dataclass(frozen=True)
class Audited:
    """`account`: the column with the account's id, or `table:column` of a row that has one.

    `quiet`: columns that change by themselves, and are no settings. `owner`: the column that names
    whose own a row is; such a row is private, and not in the log. `hides`: what is hidden within
    a column of JSON, as `column.key`.
    """

    account: str = "account_id"
    quiet: tuple[str, ...] = ()
    owner: str | None = None
    hides: tuple[str, ...] = ()


AUDITED: Mapping[str, Audited] = {
    "account": Audited("id", ("settings_version",)),
    "agent": Audited(
        quiet=(
            *("state", "state_reason", "state_since", "last_assigned_at", "online_since"),
            *("missed_offers", "interface_language", "signs_replies", "totp_step"),
        )
    ),
    "agent_skill": Audited("agent:agent_id"),
    "api_token": Audited(quiet=("last_used_at",)),
    "automatic_message": Audited(),
    "automatic_timer": Audited(),
    "away_reason": Audited(),
    "bot": Audited(),
    "closing_reason": Audited(),
    "closing_reason_skill": Audited("closing_reason:closing_reason_id"),
    "connector": Audited(),
    "consumer_field": Audited(),
    "endpoint": Audited(
        quiet=(
            *("paused_at", "pause_reason", "read_to", "turn", "is_waiting", "is_stirred"),
            *("seen_at", "due_at", "failures", "failing_since", "hold_until", "is_down"),
        )
    ),
    "export_bucket": Audited(),
    "export_schedule": Audited(
        quiet=("ran_at", "reached_at", "failure"),
        hides=tuple(f"filters.{one}" for one in sorted(NAMES_SOMEBODY)),
    ),
    "identity_provider": Audited(),
    "label": Audited(),
    "line": Audited(),
    "line_keyword": Audited("line:line_id"),
    "line_set_up": Audited("line:line_id"),
    "menu": Audited(),
    "menu_number": Audited(),
    "menu_version": Audited("menu:menu_id"),
    "panel": Audited(),
    "saved_reply": Audited(quiet=("folded", "updated_at"), owner="agent_id"),
    "skill": Audited(),
    "skill_bot": Audited(),
    "skill_transfer_target": Audited("skill:skill_id"),
    "source": Audited(),
    "special_day": Audited(),
    "survey": Audited(),
    "team": Audited(),
    "team_member": Audited("team:team_id"),
    "team_skill": Audited("team:team_id"),
    "working_period": Audited(),
}

WORK = "written by work, not by settings; the conversation's own events say who did it"
OWN = "a person's own, which concerns nobody else"
INNER = "bookkeeping of the installation"
KEPT = "a record of its own, which is never changed"

NOT_AUDITED: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("agent_state_period", "alert", "batch", "batch_bad_row", "batch_recipient"),
            *("batch_upload", "bulk_item", "bulk_job", "consent", "consumer", "conversation"),
            *(
                "suppression",
                "conversation_label",
                "export",
                "export_part",
                "inbound",
                "inbound_key",
                "inbound_part",
                "invitation",
                "latest_step",
            ),
            "line_test",
            *("media_file", "mention", "message", "part_report"),
            *("participation", "phone_call", "queue_entry", "bot_record"),
        ),
        WORK,
    ),
    **dict.fromkeys(
        (
            *("draft", "named_view", "notice", "notice_preference", "push_subscription"),
            *("reading", "saved_reply_use", "view_order", "session"),
        ),
        OWN,
    ),
    **dict.fromkeys(
        (
            *("catch_up", "connector_pause", "endpoint_attempt", "endpoint_delivery"),
            *("idempotency", "line_health", "line_lane", "line_refusal", "notice_reading"),
            *("open_pages", "operator", "push", "push_key", "request_count", "set_up_link"),
            *("log_in_failure", "person_link", "recovery_code", "text_count", "bound_hit"),
            *("webhook_refusal", "conversation_record", "record_reading", "report_reading"),
            "unread_event",
            *("report_fact", "report_sum", "stale_day", "summed_month", "hours_version"),
            *("consumer_day", "consent_due", "load_hour", "process", "measurement"),
            *("installation", "restore", "telling"),
        ),
        INNER,
    ),
    **dict.fromkeys(
        (
            *("audit_entry", "block_event", "consent_event", "consumer_merge", "event"),
            *("erasure", "exchange", "operator_action", "routing_decision"),
        ),
        KEPT,
    ),
}
