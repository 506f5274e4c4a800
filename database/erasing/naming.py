"""Kept filters that ask for somebody who is erased, and what becomes of their exports."""

from domain.exporting.kinds import NAMES_SOMEBODY, UNDER_WAY, ExportStatus

WORDS = r"concat(' ', trim(regexp_replace(lower({text}), '\W+', ' ', 'g')), ' ')"
LETTERS_OF_NAME = 3
"""Of a word by which a name is known, at least: "Lee" is one, "de" is in too many. Ours."""
NAMES_THEM = rf"""(
    account_id = :account AND EXISTS (
        SELECT FROM consumer AS erased, LATERAL (
            SELECT {WORDS.format(text="erased.name")} AS name,
                {WORDS.format(text="erased.email")} AS email,
                {WORDS.format(text="{filters} ->> 'name'")} AS asked,
                {WORDS.format(text="concat_ws(' ', {searched})")} AS searched
        ) AS words
        WHERE erased.id = ANY(:consumers) AND (
            {{filters}} ->> 'consumer' = erased.id::text
            OR words.asked LIKE ' _% ' AND words.asked IN (words.name, words.email)
            OR words.asked LIKE ' {"_" * LETTERS_OF_NAME}% '
                AND strpos(words.name, words.asked) > 0
            OR words.name LIKE ' _% _% ' AND strpos(words.searched, words.name) > 0
            OR words.email LIKE ' _% ' AND strpos(words.searched, words.email) > 0
        )
    )
)"""
"""Kept filters that ask for an erased consumer: by their id, e-mail or whole name, or by whole
words of their name. Parts of words, and other words, say nothing of whom they are about.
"""


def names_them(filters: str) -> str:
    """Return the condition that some filters ask for an erased consumer."""
    searched = ", ".join(f"{filters} ->> '{one}'" for one in ("name", "q", "field"))
    return NAMES_THEM.format(filters=filters, searched=searched)


OF_VIEW = names_them("coalesce(filters -> 'filters', filters)")
WITHOUT_NAMES = f"filters - ARRAY[{', '.join(repr(one) for one in sorted(NAMES_SOMEBODY))}]"
"""Filters without those that may name a consumer."""
IS_UNDER_WAY = f"status IN ({', '.join(repr(str(one)) for one in sorted(UNDER_WAY))})"
TAKEN = f"""
    WHEN {IS_UNDER_WAY} THEN '{ExportStatus.failed}'
    WHEN status = '{ExportStatus.done}' THEN '{ExportStatus.expired}'
"""
"""What becomes of an export whose file is taken back."""
