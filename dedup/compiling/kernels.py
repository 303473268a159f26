"""Kernels compiled to one piece of machine code each, with all that they call: numba's compiler, used from within.

numba makes machine code of each function for itself, also of one that only others call, whose code is then in theirs
again; and it does so anew for each constant that is an argument. Here a function that others call is typed once, and
its code is optimised where it is linked into that of its callers; what numba would find out again and again is found
out once. Together that takes a third of the time.

This module and that of `linking` are the ones that know how numba is made inside; `dedup.kernels` says with which
versions they were tried, and does without them under any other.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import pickle
import platform
import sys
from typing import TYPE_CHECKING, Any

import llvmlite
import numba
from numba.core import (
    caching,
    compiler,
    event,
    registry,
    serialize,
    sigutils,
    typed_passes,
    types,
    untyped_passes,
)
from numba.core.runtime.nrt import rtsys

from dedup.compiling import kept, sources
from dedup.compiling.linking import kernels as linking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OPTIONS = {"nopython": True, "nogil": True, "no_cfunc_wrapper": True}
# Arguments of operators whose result depends on nothing but their types, and of those of _LOOKED_UP.
_PLAIN = (types.Number, types.Boolean, types.IntegerLiteral, types.BooleanLiteral)
_HELD = (*_PLAIN, types.Array, types.BaseTuple, types.SliceType)
_LOOKED_UP = {operator.getitem, operator.setitem}
_HASH = hash(compiler.Flags())  # of any flags: numba hashes their names
_OF_NO_EFFECT = {"NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS"}  # settings of numba, on the code of a kernel
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
    """A kernel as Python calls it; other kernels call its part."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        """Take a function and numba's options for it; it is compiled when it is first called."""
        super().__init__(function, targetoptions=_OPTIONS | options, pipeline_class=_WholeCompiler)
        self._cache = _Kept(function.__module__, function.__qualname__)

    def is_kept(self, signature: Any) -> bool:
        """Return whether the code for these types of arguments is kept, or none can be."""
        name = self._cache.name(signature, self.targetctx)
        return name is None or kept.holds(name)

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

    def compile(self, sig: Any) -> Any:
        """Return the entry point; numba's own method also times each part, by a call for each use of its compiler."""
        arguments, return_type = sigutils.normalize_signature(sig)
        if arguments not in self.overloads:
            told = {"dispatcher": self, "args": arguments, "return_type": return_type}
            with self._compiling_counter, event.trigger_event("numba:compile", data=told):
                made: Any = self._compiler.compile(arguments, return_type)  # type: ignore[attr-defined]
                self.add_overload(made)
        found: Any = self.overloads[arguments]
        return found.entry_point


class _Flags(compiler.Flags):
    """numba's flags, compared without a look at each of them where the same are set: numba does so very often."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other or self._values == getattr(other, "_values", None) or super().__eq__(other)

    def __hash__(self) -> int:
        return _HASH


class _Compiler(compiler.Compiler):
    """Compiles a kernel without the passes that none needs."""

    def __init__(self, *arguments: Any) -> None:
        *before, flags, local = arguments
        super().__init__(*before, _Flags(flags), local)  # type: ignore[call-arg]

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
        self.state.library = linking.Whole(maker, func.__qualname__)
        self.state.library.enable_object_caching()
        with linking.linked(maker), _remembered(self.state.typingctx):
            made = super().compile_extra(func)
        for environment in made._find_referenced_environments():
            maker.set_env(environment.env_name, environment)
        return made


@contextlib.contextmanager
def _remembered(context: Any) -> Iterator[None]:
    """Find out once in this block what an operator gives for its types; numba does so at each place, kind by kind."""
    usual = context.resolve_function_type
    known: dict[Any, Any] = {}

    def resolve(function: Any, arguments: Any, named: Any) -> Any:
        known_kinds = _HELD if getattr(function, "typing_key", None) in _LOOKED_UP else _PLAIN
        if named or not all(isinstance(each, known_kinds) for each in arguments):
            return usual(function, arguments, named)
        key = function, tuple(arguments)
        if key not in known:
            known[key] = usual(function, arguments, named)
        return known[key]

    context.resolve_function_type = resolve
    try:
        yield
    finally:
        del context.resolve_function_type


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
        rtsys.initialize(target_context)  # the functions that keep arrays alive; a compiler is not needed
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
    names = sorted(name for name in os.environ if name.startswith("NUMBA_") and name not in _OF_NO_EFFECT)
    set_up = [f"{name}={os.environ[name]}" for name in names]
    versions = (numba.__version__, llvmlite.__version__, platform.python_implementation(), sys.version)
    return sources.digest(*versions, *map(str, target_context.codegen().magic_tuple()), *set_up)
