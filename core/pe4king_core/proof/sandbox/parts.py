"""The parts that confinement is made of; each may be missing on a machine, or be left out."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What keeps a process in. What cannot be had here is told, and made up for where possible."""

    USER = "user namespace"
    NETWORK = "network namespace"
    PROCESSES = "process namespace"
    IPC = "ipc namespace"
    MOUNTS = "mount namespace"
    READ_ONLY = "read-only mounts"
    PRIVILEGES = "no privileges"
    FILES = "Landlock"
    PORTS = "Landlock for TCP"
    CALLS = "seccomp"
    LIMITS = "resource limits"
    WATCH = "watch over the process tree"
    IN_PROCESS = "checks inside the process"


KEEPING_FILES = frozenset({Part.FILES, Part.READ_ONLY})
"""Each of them lets nothing be written outside of the scratch folder."""
ENFORCE = "PE4KING_ENFORCE"
"""The name in a command's environment that tells what it has to check by itself; see enforcing."""
