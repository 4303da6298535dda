"""How much untrusted processes may use."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one started command with everything it starts, where not said otherwise. Sizes: bytes.

    `cpu_seconds`, `file_size` and `open_files` are of each process.
    """

    memory: int = 2048 * MEBIBYTE
    processes: int = 512
    """Threads count as well."""
    cpu_seconds: int = 900
    file_size: int = 256 * MEBIBYTE
    open_files: int = 4096
    scratch: int = 1024 * MEBIBYTE
    """What the scratch folder may grow to, the copy of the project included."""
    output: int = 64 * 1024
    """How much of the end of the error output is kept."""
    line: int = 4 * MEBIBYTE
    """The longest line of the conversation."""

    @property
    def most_processes(self) -> int:
        """Where the kernel refuses more: above `processes`, so that the watch sees the excess."""
        return self.processes + 64
