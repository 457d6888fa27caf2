"""What a large file took of the computer's memory, given back."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

# From so many rows on it matters.
MANY = 100_000


def give_back(n_rows: int) -> None:
    """After work on many rows give the system back what nothing needs any more, which the libraries would keep.

    Of a million rows 50 MB after reading and 100 MB after working them out.
    """
    if n_rows < MANY:
        return
    pa.default_memory_pool().release_unused()
    # Only the C library of Linux keeps what numpy gave back.
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
