"""Compound files, in which Office kept its documents before 2007, and keeps locked ones today."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

_HEADER = 512
_COUNTS = (40, 44, 64, 72)
"""Where a compound file tells how many sectors its folder and its tables have."""
_FREE = 0xFFFFFFFA
"""From this number on a sector's number says that there is none."""
_ENTRY = 128
_SMALL = 64


class CompoundFile:
    """The streams of a compound file, by name.

    Parameters
    ----------
    contents
        The whole file.

    Raises
    ------
    ValueError, struct.error
        It is none, or damaged.
    """

    def __init__(self, contents: bytes) -> None:
        if len(contents) < _HEADER:
            raise ValueError(len(contents))
        self._contents = contents
        self._size = 1 << min(struct.unpack_from("<H", contents, 30)[0], 16)
        counts = [struct.unpack_from("<I", contents, at)[0] for at in _COUNTS]
        if max(counts) > len(contents) // self._size + 1:  # a parser would set memory aside for it
            raise ValueError(counts)
        self._table = _sector_table(contents, self._size)
        (folder_at,) = struct.unpack_from("<I", contents, 48)
        folder = self._chained(folder_at)
        self._entries = [
            folder[start : start + _ENTRY] for start in range(0, len(folder) - _ENTRY + 1, _ENTRY)
        ]

    def names(self) -> list[str]:
        """List the names of the streams and folders."""
        return list(map(_name, self._entries))

    def stream(self, *names: str) -> bytes:
        """Read the first stream of one of these names; nothing where there is none.

        Raises
        ------
        ValueError, struct.error
            The file ends before it.
        """
        wanted = {name.casefold() for name in names}
        entry = next((e for e in self._entries if _name(e).casefold() in wanted), None)
        if entry is None:
            return b""
        first, n_bytes = struct.unpack_from("<II", entry, 116)
        found = self._read(first, n_bytes)
        if len(found) < n_bytes:
            raise ValueError(n_bytes)
        return found

    def _read(self, first: int, n_bytes: int) -> bytes:
        """Read a stream; small ones share sectors."""
        if n_bytes > len(self._contents):
            raise ValueError(n_bytes)
        least, small_at = struct.unpack_from("<II", self._contents, 56)
        if n_bytes >= least:
            return self._chained(first)[:n_bytes]
        shared = self._chained(struct.unpack_from("<I", self._entries[0], 116)[0])
        numbers = _chain(_numbers(self._chained(small_at)), first)
        return b"".join(shared[number * _SMALL :][:_SMALL] for number in numbers)[:n_bytes]

    def _chained(self, first: int) -> bytes:
        return b"".join(
            _sector(self._contents, number, self._size) for number in _chain(self._table, first)
        )


def _name(entry: bytes) -> str:
    length = min(struct.unpack_from("<H", entry, 64)[0], 64)
    return entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace")


def _sector_table(contents: bytes, size: int) -> list[int]:
    """Read which sector follows which."""
    listed = list(struct.unpack_from("<109I", contents, 76))
    n_listed, more = (struct.unpack_from("<I", contents, at)[0] for at in (44, 68))
    seen: set[int] = set()
    while more < _FREE and more not in seen:
        seen.add(more)
        numbers = _numbers(_sector(contents, more, size))
        listed += numbers[:-1]
        more = numbers[-1] if numbers else _FREE
    n_sectors = len(contents) // size + 1
    used = [number for number in listed[:n_listed] if number < n_sectors]
    return [next_ for number in used for next_ in _numbers(_sector(contents, number, size))]


def _numbers(part: bytes) -> list[int]:
    n = len(part) // 4
    return list(struct.unpack(f"<{n}I", part[: n * 4]))


def _sector(contents: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    return contents[start : start + size]


def _chain(table: Sequence[int], first: int) -> Iterator[int]:
    """Follow a chain of sectors, and stop where it bites its tail."""
    seen: set[int] = set()
    while first < len(table) and first not in seen:
        seen.add(first)
        yield first
        first = table[first]
