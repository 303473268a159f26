"""The reference pages, from the declarations that they describe: `python -m dedup.cli.reference docs`."""

from __future__ import annotations

import dataclasses
import sys
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click

from dedup import cli, costs, findings, records, scores, settings
from dedup.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELP_CELLS = 80


def pages() -> dict[str, str]:
    """Return the text of each generated page, under its file's name.

    >>> sorted(pages())[:4]
    ['bench.md', 'cli.md', 'evaluation.md', 'formats.md']
    """
    return {
        "bench.md": benchmark(),
        "cli.md": commands(),
        "evaluation.md": evaluation(),
        "formats.md": formats(),
        "index-answers.md": answers(),
        "index-file.md": index_file(),
        "rules.md": rules(),
        "settings.md": setting_list(),
    }


def commands() -> str:
    """Return the page of the command line: what `--help` of each command prints at 80 columns."""
    parts = ["# Command line\n"]
    context = click.Context(
        cli.command, info_name="dedup", terminal_width=_HELP_CELLS, **cli.command.context_settings
    )
    parts.append(_help("dedup", cli.command, context))
    parts += _commands_of(cli.command, "dedup", context)
    rows = "".join(f"| {code} | {meaning} |\n" for code, meaning in options.EXIT_CODES.items())
    parts.append(
        f"## Exit codes\n\n| code | meaning |\n| --- | --- |\n{rows}\n"
        "Data goes to standard output, progress and messages to standard error; progress only on a terminal.\n"
    )
    return "\n".join(parts)


def _commands_of(group: click.Group, title: str, context: click.Context) -> Iterator[str]:
    """Yield the help of each command of a group, and of the commands of each group in it."""
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None:
            continue
        inner = click.Context(found, parent=context, info_name=name)
        yield _help(f"{title} {name}", found, inner)
        if isinstance(found, click.Group):
            yield from _commands_of(found, f"{title} {name}", inner)


def answers() -> str:
    """Return the page of what an index answers: each key of its JSON, with its type and meaning."""
    lines = [
        "# What an index answers",
        "",
        "`dedup check --json` writes one object for each story, a `Finding`; `dedup watch --json` findings and",
        "events, a line each; `dedup index add`, `remove`, `compact`, `info` and `verify` write one object with",
        "`--json`. `dedup.Index` returns the same from Python. Fractions have six decimals in JSON.",
    ]
    kinds = (
        findings.Finding,
        findings.Added,
        findings.Removed,
        findings.Rebuilt,
        findings.Account,
        findings.Verified,
    )
    told: dict[str, None] = {}
    for kind in kinds:
        sections = "\n".join(_declared(kind)).split("\n## ")
        told.update(dict.fromkeys(sections[1:]))
    return "\n".join(lines) + "\n" + "".join(f"\n## {section.rstrip()}\n" for section in told)


def index_file() -> str:
    """Return the page of the file of an index: its tables, with each column."""
    from dedup.index import schema

    lines = [
        "# The file of an index",
        "",
        "An index is one SQLite file. `articles`, `matches`, `members` and `evidence` are views with the columns of",
        "[the tables of a scan](formats.md), and `clusters` and `boilerplate` tables that have them; any tool for",
        "SQLite reads them, such as Datasette, also while `dedup` writes. What stands below them is declared here.",
        f"It is schema {schema.VERSION} (`PRAGMA user_version`); newer versions bring older files on.",
    ]
    for stored in schema.TABLES:
        keys = ", ".join(f"`{name}`" for name in stored.key)
        lines += [
            "",
            f"## `{stored.table.name}`",
            "",
            f"One row for each {stored.table.row}. Its key: {keys}.",
            "",
        ]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in stored.table.columns:
            kind = column.type.replace("<", "\\<") + (", or null" if column.nullable else "")
            lines.append(f"| `{column.name}` | {kind} | {column.meaning} |")
    return "\n".join(lines) + "\n"


def formats() -> str:
    """Return the page of the tables: each column with its type and meaning."""
    lines = [
        "# What a scan writes",
        "",
        "`dedup scan` writes these tables into the folder of `--out`, and `run.json`, the account of the run.",
        "They join on `article_id`, `cluster_id` and `passage_id`. Rows stand in a fixed order, and fractions have",
        "six decimals: two scans of one archive with the same settings give the same bytes, `run.json` aside, and",
        "the warning that a date is in the future, which rests on the day of the scan.",
        "",
        "| `--format` | files |",
        "| --- | --- |",
        "| `jsonl` | one file of JSON Lines for each table: `articles.jsonl`, ... |",
        "| `csv` | one file for each table; lists are JSON text; a null is empty, without quotes |",
        "| `parquet` | one file for each table |",
        "| `sqlite` | one file, `dedup.sqlite`, with a table each; lists are JSON text |",
    ]
    for table in records.OUTPUT_TABLES:
        lines += ["", f"## `{table.name}`", "", f"One row for each {table.row}.", ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in table.columns:
            kind = column.type.replace("<", "\\<") + (", or null" if column.nullable else "")
            lines.append(f"| `{column.name}` | {kind} | {column.meaning} |")
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Return the page of the rules of attribution: what each looks for, what it says and how much it weighs."""
    from dedup.attribution import registry

    lines = [
        "# Rules of attribution",
        "",
        "What speaks for whom, in log-odds. Within a family the strongest counts, and families add up; a mention",
        "weighs nothing and is shown.",
        "",
        "| rule | family | says | weight | looks for |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule in registry.RULES:
        looks_for = rule.looks_for.replace("|", "\\|")
        lines.append(f"| `{rule.name}` | {rule.family} | {rule.says} | {rule.weight:g} | {looks_for} |")
    return "\n".join(lines) + "\n"


def evaluation() -> str:
    """Return the page of the figures of an evaluation: each key of its JSON, with its type and meaning."""
    lines = [
        "# What an evaluation gives",
        "",
        "`dedup evaluate DIR --json FILE` writes one object, `Evaluation`; `dedup.evaluate` returns the same from",
        "Python. Fractions have six decimals in JSON. A figure that cannot be told, such as the recall of no pairs,",
        "is null.",
    ]
    return "\n".join([*lines, *_declared(scores.Evaluation)]) + "\n"


def benchmark() -> str:
    """Return the page of the figures of a benchmark: each key of its JSON, with its type and meaning."""
    lines = [
        "# What a benchmark gives",
        "",
        "`dedup bench --json FILE` writes one object, `Benchmark`. Fractions have six decimals. The scan and",
        "datasketch run as processes of their own, after a small scan that is not counted: it compiles what is not",
        "yet compiled. datasketch works on one thread, finds whole documents only and verifies nothing: its pairs",
        "are those of `MinHashLSH` at a threshold of .5, 128 permutations, word 5-shingles hashed by xxhash.",
    ]
    return "\n".join([*lines, *_declared(costs.Benchmark)]) + "\n"


def _declared(first: type) -> Iterator[str]:
    """Yield the lines of a declaration of figures, and of those that it is made of."""
    waiting = [first]
    for kind in waiting:
        about = (kind.__doc__ or "").strip().splitlines()
        yield from ("", f"## `{kind.__name__}`", "", *(line.strip() for line in about), "")
        yield from ("| key | type | meaning |", "| --- | --- | --- |")
        for name, hint in typing.get_type_hints(kind, include_extras=True).items():
            if typing.get_origin(hint) is not Annotated:
                continue  # what is told otherwise
            inner, meaning = typing.get_args(hint)
            told, part = _typed(inner)
            if part is not None and part not in waiting:
                waiting.append(part)
            yield f"| `{name}` | {told} | {meaning} |"


def _typed(hint: Any) -> tuple[str, type | None]:
    """Return a type in words, and the declaration of the object in it, if there is one."""
    arguments = typing.get_args(hint)
    if type(None) in arguments:
        told, part = _typed(next(each for each in arguments if each is not type(None)))
        return f"{told}, or null", part
    if Ellipsis in arguments:
        told, part = _typed(arguments[0])
        return f"list of {told}", part
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return f"[{hint.__name__}](#{hint.__name__.lower()})", hint
    return {"str": "string"}.get(hint.__name__, hint.__name__), None


def setting_list() -> str:
    """Return the page of the settings: each with its default, its range and what it does."""
    lines = [
        "# Settings",
        "",
        "Each setting is an option of `dedup scan` (`sample_rate` is `--sample-rate`), a key of the TOML file that",
        "`--config` names, and an argument of `dedup.Settings`. A flag beats the file, the file beats the default.",
    ]
    group = None
    for field in dataclasses.fields(settings.Settings):
        if field.metadata["group"] != group:
            group = field.metadata["group"]
            lines += ["", f"## {group.capitalize()}", "", "| setting | type | default | meaning |"]
            lines.append("| --- | --- | --- | --- |")
        meaning = " ".join([field.metadata["help"], *_range(field)])
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        shown = f"`{default}`" if default != "" else ""
        lines.append(f"| `{field.name}` | {type(field.default).__name__} | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


def _help(title: str, found: click.Command, context: click.Context) -> str:
    text = "\n".join(line.rstrip() for line in found.get_help(context).splitlines())
    return f"## `{title}`\n\n```text\n{text}\n```\n"


def _range(field: dataclasses.Field[Any]) -> Iterator[str]:
    least, most = field.metadata["least"], field.metadata["most"]
    if least is not None and most is not None:
        yield f"From {least} to {most}."
    elif least is not None:
        yield f"At least {least}."


def write(folder: Path) -> None:
    """Write each generated page into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
