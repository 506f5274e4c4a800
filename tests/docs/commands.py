"""The command line as tests read it: commands and their options."""

import typer.core
import typer.main

from cli.main import app

GROUP = typer.main.get_command(app)
CONTEXT = GROUP.make_context("switchboard", ["version"])
COMMANDS = (
    {
        name: command
        for name in GROUP.list_commands(CONTEXT)
        if (command := GROUP.get_command(CONTEXT, name))
    }
    if isinstance(GROUP, typer.core.TyperGroup)
    else {}
)
