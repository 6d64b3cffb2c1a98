"""How kernels are compiled, and where the compiled code is kept.

Every kernel of the package is declared with :data:`kernel` or, where it allocates nothing, with
:data:`inner`.  Compiled code is cached in a folder named after the sources of all kernels, because
a compiler cache that looks at one file at a time would go on using a kernel whose helper in another
file has changed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from glasscity.cache import cache_folder

__all__ = ["cache_folder", "fetch_ahead", "inner", "kernel", "kernel_folder"]

_FOLDERS_WITH_KERNELS = ("society", "month", "engine")


def _sources_fingerprint() -> str:
    package = Path(__file__).parent
    digest = hashlib.sha256()
    files = [package / "jit.py", package / "draws.py"]
    for name in _FOLDERS_WITH_KERNELS:
        files.extend(sorted((package / name).glob("*.py")))
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def kernel_folder() -> Path:
    """Return the folder of the compiled kernels of exactly these sources."""
    override = os.environ.get("GLASSCITY_KERNEL_CACHE")
    root = Path(override) if override else cache_folder() / "kernels"
    return root / _sources_fingerprint()


os.environ.setdefault("NUMBA_CACHE_DIR", str(kernel_folder()))

from llvmlite import ir  # noqa: E402
from numba import config, njit, types  # noqa: E402  (the cache folder must be known before)
from numba.extending import intrinsic  # noqa: E402

# Where somebody has imported numba before, it has not heard of the folder.
config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # pyright: ignore[reportAttributeAccessIssue]

# Kernels pass small arguments to each other, not the whole tables: a tuple goes by value.
kernel = njit(nogil=True, cache=True, boundscheck=False, error_model="numpy")

# For kernels that allocate nothing: arrays that are handed on are not counted, and counting is an
# atomic addition for every array of every call, a third of a stage's time.
inner = njit(  # pyright: ignore[reportCallIssue]
    nogil=True, cache=True, boundscheck=False, error_model="numpy", _nrt=False
)


@intrinsic
def fetch_ahead(_typing, array, place):
    """Ask the memory for what lies at a place of a vector; changes nothing.

    Whoever reads a handful of places far apart waits for each; asked for ahead, they come together.
    """

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        pointer = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [pointer.type, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [pointer.type], shape)
        builder.call(ask, [pointer, word(0), word(3), word(1)])  # to read, and to keep
        return context.get_dummy_value()

    return types.void(array, types.intp), generate
