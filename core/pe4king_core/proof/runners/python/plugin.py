"""The one file that is put beside the user's tests: what runs inside, as an archive.

Python runs it as it is. Its modules are read by its main module alone: nothing of the user's can
import them, and no package of that name is ever installed.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from pe4king_core.proof.sandbox import enforcing

_HERE = Path(__file__).parent
_PARTS = ("hearing", "judging", "redirect")
_NAME = "child.pyz"


def put(folder: Path) -> Path:
    """The file, made in `folder`."""
    folder.mkdir(exist_ok=True)
    path = folder / _NAME
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in _sources().items():
            archive.writestr(zipfile.ZipInfo(f"{name}.py"), source.read_text(encoding="utf-8"))
    return path


def _sources() -> dict[str, Path]:
    """Modules by their names in the archive."""
    parts = {name: _HERE / f"{name}.py" for name in _PARTS}
    return {"__main__": _HERE / "child.py", **parts, "enforcing": Path(enforcing.__file__)}
