"""The command line as tests read it: commands and their options."""

import typer.core
import typer.main

from cli.main import app

GROUP = typer.main.get_command(app)
COMMANDS = GROUP.commands if isinstance(GROUP, typer.core.TyperGroup) else {}
