"""The command line: parses, calls, prints."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from dedup import errors, results
from dedup.cli import groups, stopping

_STOPPED = 130


def _version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001  (click's signature)
    if asked:
        click.echo(f"dedup {results.version()}")
        ctx.exit()


@click.group(
    "dedup",
    cls=groups.LazyGroup,
    commands_in={
        "scan": "dedup.cli.scan",
        "show": "dedup.cli.show",
        "explain": "dedup.cli.explain",
        "evaluate": "dedup.cli.evaluate",
        "index": "dedup.cli.index",
        "check": "dedup.cli.check",
        "watch": "dedup.cli.watch",
        "bench": "dedup.cli.bench",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def command() -> None:
    """Find news text that was published more than once, and say who wrote it first, with the evidence."""


def run() -> NoReturn:
    """Run the command line as a process of its own, which ends without taking itself apart.

    What a scan leaves in memory is the system's anyway; to hand it back piece by piece takes a few tenths of a
    second.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing is multiplied; its threads would wait busily
    try:
        main()
    except SystemExit as ended:
        stopping.end(ended.code if isinstance(ended.code, int) else 1)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code: 0 done, 1 failed, 2 wrong usage, 3 done with rejects."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with stopping.heard():
            code = command.main(args=arguments, prog_name="dedup", standalone_mode=False)
    except errors.DedupError as error:
        click.echo(f"dedup: {error}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("dedup: stopped", err=True)
        stopping.leave(_STOPPED)
    except OSError as error:
        click.echo(f"dedup: {error}", err=True)
        code = 1
    except Exception:  # noqa: BLE001  (whatever it is, the user is told where to turn)
        import traceback

        traceback.print_exc()
        message = f"dedup: this is a bug in dedup {results.version()}; please report it with the lines above"
        click.echo(message, err=True)
        code = 1
    sys.exit(code or 0)
