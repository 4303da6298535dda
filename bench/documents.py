"""Reading documents: text to a usable index, one keystroke, memory, against data-only loaders.

Peers, in the same run: for YAML fastyaml-rs alone (the fastest exact loader: data only, no
positions, in this process), for JSON the standard library. Ours is what the language server does:
the text goes to the child process, the units come back, every operation has its position.
The garbage collector is off around all of them. Documents: those under PE4KING_SHARED, the GitHub
document as YAML made from its JSON, and any path given.
"""

from __future__ import annotations

import gc
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pe4king_core.errors import DocumentError

ROUNDS = 9
KEYSTROKES = 60
LARGE = 1_000_000
"""Bytes from which a document counts for the ratios: below, messages between processes decide."""
_ROOT = Path(__file__).parents[1]
_CACHE = _ROOT / ".cache" / "bench"
_HEAD = (
    f"{'document':24}{'MB':>6}{'ops':>7}{'peer ms':>9}{'index ms':>10}{'ratio':>7}{'key ms':>8}"
    f"{'p95':>7}{'max':>7}{'ratio':>8}{'peer MB':>9}{'ours MB':>9}{'ratio':>7}"
)
_SHARED = Path(os.environ.get("PE4KING_SHARED", _ROOT.parent / "shared"))


def run(arguments: Sequence[str]) -> int:
    """Measure and print."""
    if arguments[:1] == ["--memory"]:
        return _measure_memory(arguments[1], Path(arguments[2]))
    paths = [Path(each).absolute() for each in arguments] or [*_large_documents()]
    if not paths:
        print(f"no documents under {_SHARED}; set PE4KING_SHARED or give paths", file=sys.stderr)
        return 1
    loads: dict[str, list[float]] = {"yaml": [], "json": []}
    keystrokes: list[float] = []
    memory: list[float] = []
    print(_HEAD)
    for path in paths:
        try:
            figures = _Document(path).measure()
        except (DocumentError, UnicodeDecodeError) as error:
            reason = error.message.en if isinstance(error, DocumentError) else str(error)
            print(f"{path.name}: not read: {reason}")
            continue
        print(figures.line())
        if figures.size < LARGE and any(path.stat().st_size >= LARGE for path in paths):
            continue
        loads[figures.notation].append(figures.load_ratio)
        memory.append(figures.memory_ratio)
        if figures.notation == "yaml":
            keystrokes.append(figures.keystroke_ratio)
    print()
    print(
        json.dumps(
            {
                "yaml_load_ratio_max": _most(loads["yaml"]),
                "json_load_ratio_max": _most(loads["json"]),
                "keystroke_ratio_max": _most(keystrokes, 4),
                "memory_ratio_max": _most(memory),
            }
        )
    )
    return 0


class _Document:
    """The figures of one document; times in seconds, memory in bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_bytes().decode("utf-8-sig")
        self.size = path.stat().st_size
        self.notation = "json" if self.text.lstrip()[:1] in "{[" else "yaml"
        self.operations = self.nowhere = 0
        self.peer: list[float] = []
        self.ours: list[float] = []
        self.keys: list[float] = []
        self.memory = (0, 0)

    def measure(self) -> _Document:
        from pe4king_server.reading.process import ReaderProcess
        from pe4king_server.reading.reader import ChildReader

        process = ReaderProcess()
        try:
            reader = ChildReader(process)
            reader.read_units("openapi: 3.1.0\npaths: {}\n")
            data_only = _data_only(self.notation)
            for _ in range(ROUNDS):
                self.peer.append(_time(lambda: data_only(self.text)))
                self.ours.append(_time(lambda: self._index(reader)))
            self._type(reader)
        finally:
            process.close()
        self.memory = (_memory("peer", self.path), _memory("ours", self.path))
        return self

    def _index(self, reader: object) -> None:
        document = _load(self.text, self.path, reader)
        entries = document.entries
        self.operations = len(entries)
        # Operations of other files have the place of the path item that refers to them.
        self.nowhere = sum(entry.name_span.start == entry.name_span.end for entry in entries)

    def _type(self, reader: object) -> None:
        """One letter into a value or a key inside a path item or component, again and again."""
        from pe4king_core.model.text import Edit, Span
        from pe4king_core.openapi import load_text
        from pe4king_core.openapi.units.document_text import DocumentText

        chance = random.Random(1)
        before = DocumentText.read(self.text, reader)
        inner = [n for n, unit in enumerate(before.units) if len(unit.path) > 1]
        for number in chance.choices(inner, k=KEYSTROKES if inner else 0):
            span = before.span_of(number)
            offset = _end_of_a_line(self.text, span.start, span.end, chance)
            after = self.text[:offset] + "x" + self.text[offset:]
            edit = Edit(Span(offset, offset), "x")
            self.keys.append(
                _time(
                    lambda edit=edit, after=after: (
                        load_text(
                            before.edited(edit, after, reader), self.path.as_uri(), None, reader
                        ).entries
                    )
                )
            )

    @property
    def load_ratio(self) -> float:
        """Of the fastest runs: whatever else the machine does slows both."""
        return min(self.ours) / min(self.peer)

    @property
    def keystroke_ratio(self) -> float:
        """The median keystroke against the fastest full load."""
        return statistics.median(self.keys) / min(self.ours) if self.keys else 0.0

    @property
    def memory_ratio(self) -> float:
        """Both processes together against the one of the data-only loader."""
        return self.memory[1] / max(self.memory[0], 1)

    def line(self) -> str:
        """One row of the table."""
        keys = sorted(self.keys) or [0.0]
        return (
            f"{self.path.name[:23]:24}{self.size / 1e6:6.1f}{self.operations:7}"
            f"{min(self.peer) * 1e3:9.1f}{min(self.ours) * 1e3:10.1f}{self.load_ratio:7.2f}"
            f"{statistics.median(keys) * 1e3:8.2f}{keys[int(len(keys) * 0.95)] * 1e3:7.1f}"
            f"{keys[-1] * 1e3:7.1f}{self.keystroke_ratio:8.4f}"
            f"{self.memory[0] / 1e6:9.0f}{self.memory[1] / 1e6:9.0f}{self.memory_ratio:7.2f}"
            + (f"  {self.nowhere} operations without a place" if self.nowhere else "")
        )


def _most(ratios: list[float], digits: int = 2) -> float | None:
    return round(max(ratios), digits) if ratios else None


def _load(text: str, path: Path, reader: object):
    from pe4king_core.openapi import load_text
    from pe4king_core.openapi.units.document_text import DocumentText

    return load_text(DocumentText.read(text, reader), path.absolute().as_uri(), None, reader)


def _data_only(notation: str) -> Callable[[str], object]:
    if notation == "json":
        return json.loads
    import fast_yaml

    def load(text: str) -> object:
        try:
            return fast_yaml.safe_load(
                text, max_depth=256, max_alias_bytes=1 << 26, max_scan_ahead=100_000_000
            )
        except ValueError:
            # The documents that it refuses are read by the next exact loader.
            from pe4king_core.openapi.parsing.reading import read

            return read(text)

    return load


def _time(action: Callable[[], object]) -> float:
    with _collector_off():
        start = time.perf_counter()
        result = action()
        taken = time.perf_counter() - start
        del result
    return taken


@contextmanager
def _collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _end_of_a_line(text: str, start: int, end: int, chance: random.Random) -> int:
    """The end of a line in the span that is not blank; where there is one line, its middle."""
    ends = [
        offset
        for offset in (text.find("\n", chance.randrange(start, end), end) for _ in range(40))
        if offset > 0 and text[offset - 1] not in "\n\r "
    ]
    return ends[0] if ends else (start + end) // 2


def _memory(what: str, path: Path) -> int:
    """Peak resident bytes beyond what the processes had before, in a fresh process."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench", "documents", "--memory", what, str(path)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return int(answer.stdout.split()[-1])


def _measure_memory(what: str, path: Path) -> int:
    """Print the peak: "peer" (text and data) or "ours" (both processes, their peaks added)."""
    from pe4king_core.openapi.parsing.reading import read
    from pe4king_server.reading.process import ReaderProcess
    from pe4king_server.reading.reader import ChildReader

    small = "openapi: 3.1.0\npaths: {}\n"
    read(small)
    notation = "json" if path.read_bytes()[:200].lstrip()[:1] in (b"{", b"[") else "yaml"
    load = _data_only(notation)
    load('{"a": 1}')
    if what == "peer":
        base = _peak()
        gc.disable()
        text = path.read_bytes().decode("utf-8-sig")
        data = load(text)
        print(_peak() - base if data is not None else 0)
        return 0
    process = ReaderProcess()
    reader = ChildReader(process)
    _load(small, path, reader)
    base, base_child = _peak(), _peak(process.pid)
    gc.disable()
    text = path.read_bytes().decode("utf-8-sig")
    document = _load(text, path, reader)
    print(_peak() - base + _peak(process.pid) - base_child if document.entries is not None else 0)
    process.close()
    return 0


def _peak(pid: int | None = None) -> int:
    """The largest resident size of a process so far, in bytes (Linux)."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _large_documents() -> Iterator[Path]:
    folder = _SHARED / "specs" / "large"
    for path in sorted(folder.glob("*")):
        if path.suffix in (".json", ".yaml"):
            yield path
            if path.name == "github-api.json":
                yield _as_yaml(path)


def _as_yaml(path: Path) -> Path:
    """The document as YAML, made once: keys in their order, no folded lines, no aliases."""
    import yaml

    target = _CACHE / f"{path.stem}.yaml"
    if not target.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        data = json.loads(path.read_bytes())
        text = yaml.dump(
            data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10**9
        )
        target.write_text(text, encoding="utf-8")
    return target
