"""Runs the command line: `python -m dedup`."""

from __future__ import annotations

from dedup import cli

if __name__ == "__main__":
    cli.run()
