"""All kinds of settings that stand in a file, in the order in which they are written and added.

What others refer to comes first. A new kind: a module beside this one, and its line here.
"""

from collections.abc import Mapping

from services.brand_file.kind import Kind
from services.brand_file.kinds.account import ConsentWords, Hours, TheAccount
from services.brand_file.kinds.consumer_fields import ConsumerFields
from services.brand_file.kinds.lines import Connectors, Lines
from services.brand_file.kinds.menus import Menus
from services.brand_file.kinds.messages import Messages, Surveys, Timers
from services.brand_file.kinds.programs import Bots, Endpoints, Panels
from services.brand_file.kinds.skills import Skills
from services.brand_file.kinds.sorting import AwayReasons, ClosingReasons, Labels
from services.brand_file.kinds.teams import Teams
from services.brand_file.kinds.writing import SavedReplies, Sources

KINDS: tuple[Kind, ...] = (
    TheAccount(),
    Hours(),
    Skills(),
    Teams(),
    Connectors(),
    Lines(),
    ConsentWords(),
    Messages(),
    Timers(),
    Surveys(),
    AwayReasons(),
    Labels(),
    ClosingReasons(),
    ConsumerFields(),
    SavedReplies(),
    Sources(),
    Bots(),
    Panels(),
    Endpoints(),
    Menus(),
)

LEFT_OUT: Mapping[str, str] = {
    "agent": "People and their skills: they are invited, or added from a file of their own.",
    "agent_skill": "People and their skills: they are invited, or added from a file of their own.",
    "api_token": "Tokens of programs: they are secrets.",
    "export_bucket": "Buckets that exports go into: they are secrets.",
    "export_schedule": "Exports that are made again and again: each account sets up its own.",
    "identity_provider": "Single sign-on: it is a secret that another system gave.",
    "line_set_up": "Addresses at providers: the page of each line sets them, and takes them back.",
    "team_member": "People and their skills: they are invited, or added from a file of their own.",
}
"""Tables of settings that are in no file, each with the reason that its head gives."""
