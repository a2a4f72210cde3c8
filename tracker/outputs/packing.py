"""Bytes compressed piece by piece, so that a change compresses one piece anew and the whole is put together by copying.

Each piece is a stretch of a DEFLATE stream (RFC 1951) that ends on a whole byte and refers to nothing before it; the
pieces one after the other, between a head and a tail, are one ordinary member of a gzip file (RFC 1952).
"""

import zlib
from collections.abc import Sequence
from typing import Final

_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"  # no name, no time: the same bytes on every day
_LAST_BLOCK: Final = b"\x03\x00"
_LEVEL: Final = 6
_RAW: Final = -15


def pack(body: bytes) -> bytes:
    """One piece. Some 50 kB compress as well alone as in company."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    return packer.compress(body) + packer.flush(zlib.Z_SYNC_FLUSH)


def gzip_of(body: bytes, packed: Sequence[bytes]) -> bytes:
    """The gzip form of `body`, whose pieces in order are `packed`."""
    tail = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([_HEAD, *packed, _LAST_BLOCK, tail])
