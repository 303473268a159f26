"""The instruction that asks for memory ahead: rows in random order then wait for it no longer."""

from llvmlite import ir
from numba import types
from numba.core import cgutils

from dedup.kernels import primitive

_READ, _NEAR, _DATA = 0, 2, 1  # as `llvm.prefetch` names what for, how near to the processor, and what it is
_NUMBER = ir.IntType(32)


@primitive(lambda values, at: None)  # noqa: ARG005  (takes what the machine's instruction takes)
def prefetch(_, values, at):
    """Ask for the line of memory in which a value of an array stands; it need not be one of its values.

    Parameters
    ----------
    values : (n,) of any type
    at : int64
    """

    def build(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        byte = ir.IntType(8).as_pointer()
        place = builder.bitcast(builder.gep(array.data, [arguments[1]]), byte)
        kind = ir.FunctionType(ir.VoidType(), [byte, _NUMBER, _NUMBER, _NUMBER])
        ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(ask, [place, _NUMBER(_READ), _NUMBER(_NEAR), _NUMBER(_DATA)])
        return context.get_dummy_value()

    return types.void(values, at), build
