"""Commands whose code is loaded when they are asked for, and which fail in sentences."""

from collections.abc import Callable, Mapping
from importlib import import_module

import typer
from typer._click import Command, Context
from typer.core import TyperGroup

COMMANDS: Mapping[str, tuple[str, str]] = {
    "migrate": ("cli.migrate", "migrate"),
    "phone": ("cli.phone", "phone"),
    "find": ("cli.find", "find"),
    "account": ("cli.account", "account"),
    "apply": ("cli.apply", "apply"),
    "export": ("cli.apply", "export"),
    "set-up-link": ("cli.set_up_link", "set_up_link"),
    "operator": ("cli.operator", "operator"),
    "recount": ("cli.recount", "recount"),
    "rotate-keys": ("cli.rotate_keys", "rotate_keys"),
    "erase": ("cli.erase", "erase"),
    "retention": ("cli.retention", "retention"),
    "make-current": ("cli.versions", "make_current"),
    "roll-over": ("cli.versions", "roll_over"),
    "replay": ("cli.replay", "replay"),
    "stuck": ("cli.stuck", "stuck"),
    "backup": ("cli.backup", "backup"),
    "restore": ("cli.backup", "restore"),
    "reconcile": ("cli.reconcile", "reconcile"),
    "adopt-namespace": ("cli.adopt_namespace", "adopt_namespace"),
}
"""By name: the module and the function of each."""
OF_SERVERS = frozenset({*COMMANDS, "doctor", "end"})
"""What asks servers, and prints sentences and no log."""


class Commands(TyperGroup):
    """All commands. Those of `COMMANDS` are loaded by who asks for one, or for the list of all."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names, in the order in which help shows them."""
        return [*super().list_commands(ctx), *COMMANDS]

    def invoke(self, ctx: Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.Exit:
            raise
        except Exception as error:
            sentence = _sentence_of(error) if ctx.invoked_subcommand in OF_SERVERS else None
            if sentence is None:
                raise
        typer.echo(sentence, err=True)
        raise typer.Exit(2)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Return the command that is run, with its name and arguments."""
        found = super().resolve_command(ctx, args)
        if found[0] in OF_SERVERS:
            ctx.call_on_close(_quieten())
        return found

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command, None where there is none of that name."""
        return _loaded(cmd_name) if cmd_name in COMMANDS else super().get_command(ctx, cmd_name)


def _loaded(name: str) -> Command:
    module, function = COMMANDS[name]
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(getattr(import_module(module), function))
    return typer.main.get_command(alone)


def _quieten() -> Callable[[], None]:
    from cli.sentences import quieten

    return quieten()


def _sentence_of(error: Exception) -> str | None:
    from cli.sentences import sentence_of

    return sentence_of(error)
