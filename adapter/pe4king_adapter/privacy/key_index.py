"""Which keys we put into the keychain: names and origins, never a key. Keychains list nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4


class StoredKey(NamedTuple):
    """A key by its name, and the origin it is bound to."""

    name: str
    origin: str


class KeyIndex:
    """A file of ours; where it is lost or broken, keys are still found through their profiles."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def of_user(cls) -> KeyIndex:
        """That of the user who runs this process."""
        from platformdirs import user_state_path

        return cls(user_state_path("pe4king", appauthor=False) / "keys.json")

    def all(self) -> tuple[StoredKey, ...]:
        """The keys, in the order of their names."""
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        pairs = read.get("keys", []) if isinstance(read, dict) else []
        found = {StoredKey(*pair) for pair in pairs if _is_pair(pair)}
        return tuple(sorted(found))

    def add(self, key: StoredKey) -> None:
        """Remember `key`."""
        self._write(sorted({*self.all(), key}))

    def remove(self, key: StoredKey) -> None:
        """Forget `key`."""
        self._write([known for known in self.all() if known != key])

    def _write(self, keys: list[StoredKey]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_name(f".{uuid4().hex}.tmp")
        temporary.write_text(json.dumps({"keys": keys}, ensure_ascii=False), encoding="utf-8")
        temporary.replace(self._file)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and [type(item) for item in value] == [str, str]
