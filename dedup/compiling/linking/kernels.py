"""One piece of machine code of a kernel and of all that it calls: numba's libraries, put together otherwise."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from llvmlite import binding
from numba.core import codegen
from numba.core.compiler_lock import global_compiler_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRAPPER = "wrapper"  # numba's name for the module of what takes the arguments from Python


class Whole(codegen.JITCodeLibrary):
    """Code with that of all that it calls."""

    def add_ir_module(self, ir_module: Any) -> None:
        """Take a module; what takes the arguments from Python runs once a call, and is not optimised."""
        if ir_module.name == _WRAPPER:
            for function in ir_module.functions:
                if function.blocks:
                    function.attributes.add("noinline")
                    function.attributes.add("optnone")
        super().add_ir_module(ir_module)

    def finalize(self) -> None:
        """Link, optimise and make machine code."""
        for each in _callees(self):
            _take_over(self, each)
            self._final_module.link_in(_alone(each), preserve=True)
        self._linking_libraries = []
        super().finalize()

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """Return the machine code, and the names of its functions: nothing is linked with it any more."""
        self._ensure_finalized()
        names = [each.name for each in self.get_defined_functions()]
        empty = binding.parse_assembly("\n".join(f'define void @"{name}"() {{ ret void }}' for name in names))
        return self.name, "object", (self._get_compiled_object(), empty.as_bitcode())


class Linked(codegen.JITCodeLibrary):
    """Code that is linked into that of its callers; alone it is no machine code."""

    def finalize(self) -> None:
        """Take no more code; make nothing of it."""
        self._raise_if_finalized()
        for each in self._linking_libraries:
            _take_over(self, each)
        self._finalized = True

    def alone(self) -> Any:
        """Return the code, without that of what it calls."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """Return the code with that of what it calls: functions that are no kernels may call numba's own too."""
        whole = self.alone().clone()
        for each in _callees(self):
            whole.link_in(_alone(each), preserve=True)
        return whole

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002  (numba's signature)
        """Return that there is none."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """Return what is asked to set an environment."""
        return _NoEnvironment


class _NoEnvironment:
    """Where numba sets the environment of machine code; there is none to set it in."""

    @staticmethod
    def set_env(name: str, environment: Any) -> None:
        """Set nothing."""


def _callees(library: Any) -> list[Any]:
    """Return what a library calls, directly or through others, each after all that call it.

    What nobody calls yet is left out where modules are linked.
    """
    found: dict[Any, None] = {}

    def visit(caller: Any) -> None:
        for each in dict.fromkeys(caller._linking_libraries):
            if each not in found:
                visit(each)
                found[each] = None

    visit(library)
    return [*reversed(found)]


def _take_over(library: Any, callee: Any) -> None:
    """Note what a callee must have called before it runs; newer versions of numba know of such."""
    if hasattr(callee, "_reload_init"):
        library._reload_init.update(callee._reload_init)


def _alone(library: Any) -> Any:
    return library.alone() if isinstance(library, Linked) else library._get_module_for_linking()


@contextlib.contextmanager
def linked(maker: Any) -> Iterator[None]:
    """Make what is compiled in this block `Linked`; numba compiles in one thread at a time."""
    with global_compiler_lock:
        usual = maker._library_class
        maker._library_class = Linked
        try:
            yield
        finally:
            maker._library_class = usual
