"""Where an interpreter and its packages are."""

from __future__ import annotations

import json
import os
import site
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SECONDS = 30
_ASK = """
import json, sys
found = [*sys.path, sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
for name, module in list(sys.modules.items()):
    if name.startswith("__editable__"):
        found += map(str, getattr(module, "MAPPING", {}).values())
print(json.dumps(found))
"""
"""Projects that are installed in place are found by modules that know where they are."""


def places(interpreter: Path) -> Iterator[Path]:
    """Folders and files that Python code is imported from; none where it does not start."""
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the user's tests run with
            [interpreter, "-B", "-c", _ASK],
            env=own_packages(),
            cwd=interpreter.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        found = json.loads(done.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return
    for each in dict.fromkeys(found):
        if each and Path(each).exists():
            yield Path(each)


def own_packages() -> dict[str, str]:
    """Where the user's own packages are, for a process whose home folder is another one."""
    system = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**system, "PYTHONUSERBASE": site.getuserbase()}
