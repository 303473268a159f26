"""One option for each setting, made from the declarations in `dedup.settings`."""

from __future__ import annotations

import dataclasses
import itertools
import pathlib
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from dedup import errors, settings

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

_Function = TypeVar("_Function", bound="Callable[..., Any]")

_FLAG_CELLS = 26

if TYPE_CHECKING:
    Lines = Callable[[], Iterable[str]]


EXIT_CODES = {
    0: "done",
    1: "failed",
    2: "wrong usage",
    3: "done, with records left out: they are told, or in the table of rejects",
    4: "nothing of it was seen before: `dedup check` only",
    130: "stopped with Ctrl-C",
}


class Location(click.Path):
    """A path that is not empty: an unset variable of a shell is no folder."""

    def __init__(self) -> None:
        """Convert to a `pathlib.Path`."""
        super().__init__(path_type=pathlib.Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path, or fail where it is empty."""
        if value == "":
            self.fail("a path must not be empty; is a variable of the shell not set?", param, ctx)
        return super().convert(value, param, ctx)


class SettingOption(click.Option):
    """The option of one setting; `group` is the heading it stands under."""

    def __init__(self, *arguments: Any, group: str, **options: Any) -> None:
        """Keep the group."""
        super().__init__(*arguments, **options)
        self.group = group


def run_options(function: _Function) -> _Function:
    """Return a command's function with the options that say how work on an index runs."""
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="No summary and no progress."),
        click.option(
            "--wait",
            "wait_s",
            type=click.FloatRange(min=0),
            default=60.0,
            show_default=True,
            metavar="SECONDS",
            help="How long another process that writes to the index is waited for.",
        ),
        click.option(
            "--work",
            type=Location(),
            metavar="DIR",
            show_default="TMPDIR, or the system's",
            help="Folder for the work file of large pieces of work.",
        ),
        click.option(
            "--threads",
            type=click.IntRange(min=1),
            metavar="N",
            show_default="one for each core",
            help="How many threads work.",
        ),
    ):
        function = option(function)
    return function


class GroupedCommand(click.Command):
    """A command whose settings stand under headings of their own, after its other options.

    Parameters
    ----------
    codes : what exit codes mean for this command alone
    """

    def __init__(self, *arguments: Any, codes: Mapping[int, str] | None = None, **options: Any) -> None:
        """Keep the codes."""
        super().__init__(*arguments, **options)
        self.codes = EXIT_CODES | dict(codes or {4: ""})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then each group of settings."""
        every = [option for option in self.get_params(ctx) if isinstance(option, click.Option)]
        ours = [option for option in every if isinstance(option, SettingOption)]
        _section(ctx, formatter, "Options", [option for option in every if option not in ours])
        for group, options in itertools.groupby(ours, key=lambda option: option.group):
            _section(ctx, formatter, f"{group.capitalize()} settings", list(options))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (click's)
        """Write the exit codes."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in self.codes.items() if meaning])


def settings_options(function: _Function) -> _Function:
    """Return a command's function with an option for each setting; `chosen` gives what the user set."""
    for field in reversed(dataclasses.fields(settings.Settings)):
        function = _option(field)(function)
    return function


def chosen(ctx: click.Context, config: pathlib.Path | None) -> settings.Settings:
    """Return the settings of a command: flag beats file beats default.

    Raises
    ------
    SettingError : a value is wrong, or the file has a key that is no setting
    PathError : the file cannot be read
    """
    given = {
        name: ctx.params[name]
        for name in settings.names()
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return settings.load(config, **given)


def is_any_chosen(ctx: click.Context, config: pathlib.Path | None) -> bool:
    """Return whether the user set any setting."""
    given = (ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in settings.names())
    return config is not None or any(given)


def write(report: bytes, path: str) -> None:
    """Write the JSON that an option asks for.

    Raises
    ------
    OutputError : the file cannot be written
    """
    try:
        pathlib.Path(path).write_bytes(report)
    except OSError as error:
        message = f'file "{path}" cannot be written: {error.strerror}'
        raise errors.OutputError(message) from error


def _option(field: dataclasses.Field[Any]) -> Callable[[_Function], _Function]:
    flag = f"--{field.name.replace('_', '-')}"
    kind = type(field.default)
    if kind is bool:
        flag = f"{flag}/--no-{field.name.replace('_', '-')}"
    return click.option(
        flag,
        field.name,
        cls=SettingOption,
        group=field.metadata["group"],
        type=kind,
        default=field.default,
        # an empty default's meaning stands in the help text
        show_default=field.default != "",
        help=field.metadata["help"],
        metavar="FILE" if field.metadata["is_file"] else {int: "N", float: "SHARE", str: "NAME"}.get(kind),
    )


def _section(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, options: Sequence[click.Option]
) -> None:
    rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl([(flag.ljust(_FLAG_CELLS), text) for flag, text in rows], col_max=_FLAG_CELLS)
