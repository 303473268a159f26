"""What a command leaves out that a user would only wait for."""

from __future__ import annotations

import gc
import importlib.abc
import sys


class _Spared(importlib.abc.MetaPathFinder):
    """Finds no pandas and no SciPy, which Arrow and numba import wherever they are installed, and do without."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002  (importlib's)
        """Refuse the modules that a command has no use for."""
        if fullname in {"pandas", "scipy"}:
            message = f"{fullname} is not needed here"
            raise ModuleNotFoundError(message, name=fullname)


def spare() -> None:
    """Leave out 0.4 s of imports, and the collector of cycles: millions of rows are made, and no cycles."""
    gc.disable()
    spare_imports()


def spare_imports() -> None:
    """Leave out the imports alone, for a command that runs long."""
    if not any(isinstance(finder, _Spared) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Spared())
