"""A group of commands whose modules are imported when they are used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group that finds each command under its own name in a module.

    Parameters
    ----------
    commands_in : the module of each command
    """

    def __init__(self, *arguments: Any, commands_in: Mapping[str, str], **options: Any) -> None:
        """Keep the names of the modules; nothing is imported yet."""
        super().__init__(*arguments, **options)
        self._commands_in = commands_in

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Return the names of the commands, in the order in which they were given."""
        return list(self._commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click's signature)
        """Return a command, or None if there is none of that name."""
        if cmd_name not in self._commands_in:
            return None
        command: click.Command = getattr(importlib.import_module(self._commands_in[cmd_name]), cmd_name)
        return command
