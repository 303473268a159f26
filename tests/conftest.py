from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# The first call of a kernel may compile it: a deadline would time the compiler.
hypothesis.settings.register_profile("dedup", deadline=None, print_blob=True)
hypothesis.settings.load_profile("dedup")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """Return the folder of the two seed pages."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def dedup_command():
    """Return a function that runs `dedup ARGUMENTS...` as a process of its own."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dedup", *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8", **options
        )

    return run
