"""The command `pe4king`. Nothing is imported here that the language server does not need."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 a problem that was told, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["serve"]:
        from pe4king_server.cli.serve import serve

        return serve(given[1:])
    from pe4king_server.cli.program import run

    return run(given)
