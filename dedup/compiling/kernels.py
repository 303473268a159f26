"""Kernels compiled to one piece of machine code each, with all that they call: numba's compiler, used from within.

numba makes machine code of each function for itself, also of one that only others call, whose code is then in theirs
again; and it does so anew for each constant that is an argument. Here a function that others call is typed once, and
its code is optimised where it is linked into that of its callers: that takes a third of the time.

This is the one module that knows how numba is made inside; `dedup.kernels` says with which versions it was tried, and
does without it under any other.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import platform
import sys
from typing import TYPE_CHECKING, Any

import llvmlite
import numba
from llvmlite import binding
from numba.core import (
    caching,
    codegen,
    compiler,
    registry,
    serialize,
    sigutils,
    typed_passes,
    types,
    untyped_passes,
)
from numba.core.compiler_lock import global_compiler_lock

from dedup.compiling import kept, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OPTIONS = {"nopython": True, "nogil": True, "no_cfunc_wrapper": True}
_PASSED_OVER = {  # passes for what no kernel holds: closures, comprehensions, inlined functions, array expressions
    untyped_passes.DeadBranchPrune,
    untyped_passes.FindLiterallyCalls,
    untyped_passes.InlineClosureLikes,
    untyped_passes.InlineInlinables,
    untyped_passes.LiteralUnroll,
    untyped_passes.MakeFunctionToJitFunction,
    untyped_passes.WithLifting,
    typed_passes.InlineOverloads,
    typed_passes.NopythonRewrites,
}


class Kernel(registry.CPUDispatcher):
    """A kernel as Python calls it; other kernels call its `Part`."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        """Take a function and numba's options for it; it is compiled when it is first called."""
        super().__init__(function, targetoptions=_OPTIONS | options, pipeline_class=_WholeCompiler)
        self._cache = _Kept(function.__module__, function.__qualname__)

    def is_kept(self, signature: Any) -> bool:
        """Return whether the code for these types of arguments need not be compiled."""
        name = self._cache.name(signature, self.targetctx)
        return name is not None and kept.holds(name)

    @property
    def _numba_type_(self) -> Any:
        return types.Dispatcher(self._part)

    @functools.cached_property
    def _part(self) -> _Part:
        options = self.targetoptions | {"no_cpython_wrapper": True}
        return _Part(self.py_func, targetoptions=options, pipeline_class=_Compiler)


class _Part(registry.CPUDispatcher):
    """A kernel as other kernels call it: there is one version for all constants."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template(tuple(map(types.unliteral, args)), kws)


class _Compiler(compiler.Compiler):
    """Compiles a kernel without the passes that none needs."""

    def define_pipelines(self) -> list[Any]:
        pipelines: list[Any] = super().define_pipelines()
        for pipeline in pipelines:
            pipeline.passes = [each for each in pipeline.passes if each[0] not in _PASSED_OVER]
            pipeline.finalize()
        return pipelines


class _WholeCompiler(_Compiler):
    """Compiles a kernel, and all that it calls, to one piece of machine code."""

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        maker = self.state.targetctx.codegen()
        self.state.library = _Whole(maker, func.__qualname__)
        self.state.library.enable_object_caching()
        with _linked(maker):
            made = super().compile_extra(func)
        for environment in made._find_referenced_environments():
            maker.set_env(environment.env_name, environment)
        return made


class _Whole(codegen.JITCodeLibrary):
    """Code with that of all that it calls."""

    def finalize(self) -> None:
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


class _Linked(codegen.JITCodeLibrary):
    """Code that is linked into that of its callers; alone it is no machine code."""

    def finalize(self) -> None:
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
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
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
    return library.alone() if isinstance(library, _Linked) else library._get_module_for_linking()


@contextlib.contextmanager
def _linked(maker: Any) -> Iterator[None]:
    """Make what is compiled in this block `_Linked`; numba compiles in one thread at a time."""
    with global_compiler_lock:
        usual = maker._library_class
        maker._library_class = _Linked
        try:
            yield
        finally:
            maker._library_class = usual


class _Kept(caching._Cache):
    """The kept versions of one kernel; numba's own cache sees no change in a kernel of another file."""

    def __init__(self, module: str, function: str) -> None:
        self._prefix = f"{module.removeprefix('dedup.')}.{function}"
        self._sources = sources.digest_of(module)
        self._enabled = True

    @property
    def cache_path(self) -> str:
        return str(kept.folders()[0])

    def enable(self) -> None:
        self._enabled = True

    def disable(self) -> None:
        self._enabled = False

    def flush(self) -> None:
        """Do nothing: a version that is kept stays right."""

    def name(self, signature: Any, target_context: Any) -> str | None:
        """Return what to keep a version under; None where nothing is kept."""
        if not self._enabled or self._sources is None:
            return None
        arguments, _ = sigutils.normalize_signature(signature)
        return f"{self._prefix}-{sources.digest(str(arguments), self._sources, _machine(target_context))}"

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        name = self.name(sig, target_context)
        code = kept.load(name) if name else None
        if code is None:
            target_context.refresh()
            return None
        _initialise(target_context)
        try:
            return compiler.CompileResult._rebuild(target_context, *pickle.loads(code))  # noqa: S301  (our own)
        except Exception:  # noqa: BLE001  (whatever is wrong with it, it is compiled again)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        name = self.name(sig, data.target_context)
        if name and not data.library.has_dynamic_globals:
            kept.save(name, serialize.dumps(data._replace(type_annotation="")._reduce()))


@functools.cache
def _machine(target_context: Any) -> str:
    """Return a digest of what compiles, how it is set, and for what."""
    settings = sorted(f"{key}={value}" for key, value in os.environ.items() if key.startswith("NUMBA_"))
    set_up = [each for each in settings if not each.startswith("NUMBA_CACHE_DIR=")]
    versions = (numba.__version__, llvmlite.__version__, platform.python_implementation(), sys.version)
    return sources.digest(*versions, *map(str, target_context.codegen().magic_tuple()), *set_up)


@functools.cache
def _initialise(target_context: Any) -> None:
    """Make all ready that code may call."""
    target_context.refresh()
