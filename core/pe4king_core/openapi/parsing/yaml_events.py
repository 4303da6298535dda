"""YAML by the events of PyYAML: tolerant, and slower than fastyaml-rs; the fall-back.

Only events are taken from PyYAML, for its constructor knows YAML 1.1 (dates, `no`, `OFF`,
sexagesimal numbers) and its composer recurses: libyaml's dies of 100,000 brackets. Values follow
`yaml_scalars`; mappings merge as fastyaml-rs merges them; no tag ever makes an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from pe4king_core.model.text import Span
from pe4king_core.openapi.parsing.yaml_fast import MAX_ALIAS_BYTES, MAX_DEPTH, line_of
from pe4king_core.openapi.parsing.yaml_problem import Kind, YamlProblemError
from pe4king_core.openapi.parsing.yaml_scalars import (
    CORE,
    LongNumberError,
    plain_scalar,
    tagged_scalar,
)
from pe4king_core.openapi.raw import Raw, key_text

MAX_CHARACTERS = 16_000_000
"""Longer texts would take this parser more than seconds."""

MAX_PURE_CHARACTERS = 1_000_000
"""The same for PyYAML without libyaml."""

MAX_NODES = 2_000_000
"""Three times as many as a document of 10 MB has."""

_MAX_NOTES = 1_000
_NODE_BYTES = 16
_LONGEST_KEY = 1_000
_BREAKS = "\x85\u2028\u2029"
_PRIVATE_USE = range(0xE000, 0xF900)
_DIRECTIVE = re.compile(r"(?m)^%(?!TAG[ \t])")
_CONTENT = re.compile(r"(?m)^(?![#%\s])")


class NoteKind(Enum):
    """What was seen in the text that the data do not show."""

    DUPLICATE = auto()
    MERGE = auto()
    ODD_KEY = auto()
    """A key that is a boolean, null, a float, or a sequence or mapping."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something seen at `span`; `first` is where a repeated key stood first."""

    kind: NoteKind
    name: str
    span: Span
    first: int = -1


@dataclass(slots=True)
class _Node:
    value: Any
    start: int
    end: int
    size: int = _NODE_BYTES
    height: int = 0
    merges: bool = False
    """Whether this is the key `<<`."""


@dataclass(slots=True)
class _Frame:
    """A sequence or mapping that is open."""

    value: Any
    start: int
    anchor: str | None
    size: int = _NODE_BYTES
    height: int = 0
    key: _Node | None = None
    merged: list[dict[Any, Any]] = field(default_factory=list)
    places: dict[Any, int] = field(default_factory=dict)
    kinds: dict[Any, type] = field(default_factory=dict)


def read_events(text: str) -> Raw:
    """The data of the first document of `text`. Raises YamlProblemError."""
    return _Builder(text).build()


def notes_of(text: str) -> tuple[Note, ...]:
    """What was noticed in the first document of `text` as far as it can be read."""
    builder = _Builder(text)
    with suppress(YamlProblemError):
        builder.build()
    return tuple(builder.notes)


class _Builder:
    def __init__(self, text: str) -> None:
        self.notes: list[Note] = []
        self._text = text
        self._restore: dict[int, str] = {}
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Node | None] = {}
        self._expanded = 0
        self._root: Raw = None

    def build(self) -> Raw:
        import yaml
        from yaml import events as kinds

        count = documents = 0
        try:
            for event in self._events():
                count += 1
                if count > MAX_NODES:
                    raise self._problem(Kind.SIZE, event, "too many values")
                kind = type(event)
                if kind is kinds.ScalarEvent:
                    self._place(self._scalar(event))
                elif kind is kinds.MappingStartEvent:
                    self._open(event, {})
                elif kind is kinds.SequenceStartEvent:
                    self._open(event, [])
                elif kind in (kinds.MappingEndEvent, kinds.SequenceEndEvent):
                    self._place(self._closed(event))
                elif kind is kinds.AliasEvent:
                    self._place(self._alias(event))
                elif kind is kinds.DocumentStartEvent:
                    if documents:
                        break
                    documents += 1
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            words = ", ".join(part for part in (error.context, error.problem) if part)
            raise YamlProblemError(Kind.SYNTAX, mark.line + 1 if mark else 1, words) from error
        except yaml.YAMLError as error:
            words = str(getattr(error, "reason", error))
            line = line_of(self._text, getattr(error, "position", None) or 0)
            raise YamlProblemError(Kind.SYNTAX, line, words) from error
        return self._root

    def _events(self) -> Iterator[Any]:
        import yaml

        fast = getattr(yaml, "CSafeLoader", None)
        limit = MAX_CHARACTERS if fast else MAX_PURE_CHARACTERS
        if len(self._text) > limit:
            raise YamlProblemError(Kind.SIZE, 1, "the text is too long")
        return yaml.parse(self._prepared(), Loader=fast or yaml.SafeLoader)

    def _prepared(self) -> str:
        """The text with what YAML 1.1 would take for line ends put out of its sight.

        Directives become comments: a version or a name that PyYAML does not know stops it.
        """
        text = self._text
        if any(mark in text for mark in _BREAKS):
            used = set(text)
            free = [code for code in _PRIVATE_USE if chr(code) not in used]
            # Nobody uses all 6,400; who does gets line ends.
            self._restore = dict(zip(free, _BREAKS, strict=False))
            text = text.translate({ord(mark): code for code, mark in self._restore.items()})
        if "%" in text:
            content = _CONTENT.search(text)
            head = content.start() if content else len(text)
            text = _DIRECTIVE.sub("#", text[:head]) + text[head:]
        return text

    def _scalar(self, event: Any) -> _Node:
        text: str = event.value
        if self._restore:
            text = text.translate(self._restore)
        start, end = event.start_mark.index, event.end_mark.index
        node = _Node(text, start, end, len(text) + _NODE_BYTES)
        tag, plain = event.tag, event.style is None or event.style == ""
        try:
            if tag is not None and (tag == "!" or tag.startswith(CORE)):
                node.value = tagged_scalar(text, tag)
            elif plain:
                node.value = plain_scalar(text)
            node.merges = text == "<<" and plain and tag in (None, f"{CORE}merge")
        except LongNumberError as error:
            raise self._problem(Kind.NUMBER, event, "long number") from error
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _open(self, event: Any, value: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self._problem(Kind.DEPTH, event, "nesting")
        frame = _Frame(value, event.start_mark.index, event.anchor)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(frame)

    def _closed(self, event: Any) -> _Node:
        frame = self._stack.pop()
        value = frame.value
        if frame.merged:
            merged: dict[Any, Any] = {}
            for mapping in frame.merged:
                for key, member in mapping.items():
                    merged.setdefault(key, member)
            value = {**merged, **value}
        node = _Node(value, frame.start, event.end_mark.index, frame.size, frame.height + 1)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = node
        return node

    def _alias(self, event: Any) -> _Node:
        name = event.anchor
        if name not in self._anchors:
            raise self._problem(Kind.SYNTAX, event, "found unknown anchor")
        known = self._anchors[name]
        if known is None:
            raise self._problem(
                Kind.SYNTAX, event, "alias refers to an anchor that is still being defined"
            )
        self._expanded += known.size
        if self._expanded > MAX_ALIAS_BYTES:
            raise self._problem(Kind.ALIASES, event, "alias expansion")
        if len(self._stack) + known.height > MAX_DEPTH:
            raise self._problem(Kind.DEPTH, event, "nesting")
        start, end = event.start_mark.index, event.end_mark.index
        return _Node(known.value, start, end, known.size, known.height)

    def _place(self, node: _Node) -> None:
        if not self._stack:
            self._root = node.value
            return
        frame = self._stack[-1]
        frame.size += node.size
        frame.height = max(frame.height, node.height)
        if isinstance(frame.value, list):
            frame.value.append(node.value)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._member(frame, key, node)

    def _member(self, frame: _Frame, key: _Node, node: _Node) -> None:
        if key.merges:
            self._note(NoteKind.MERGE, "<<", key.start, key.end)
            mappings = node.value if isinstance(node.value, list) else [node.value]
            if all(isinstance(mapping, dict) for mapping in mappings):
                frame.merged += mappings
                return
        name = key.value
        if not isinstance(name, str):
            name = self._odd_key(frame, key)
        if name in frame.places:
            self._note(NoteKind.DUPLICATE, key_text(name), key.start, key.end, frame.places[name])
        else:
            frame.places[name] = key.start
        frame.value[name] = node.value

    def _odd_key(self, frame: _Frame, key: _Node) -> Any:
        """A key that is no string. `1`, `true` and `1.0` are one key in Python: the later ones
        become text, and so does a sequence or a mapping, as it is written."""
        name = key.value
        written = self._text[key.start : key.end].strip()
        if isinstance(name, dict | list):
            self._note(NoteKind.ODD_KEY, written[:80], key.start, key.end)
            return written[:_LONGEST_KEY]
        if not isinstance(name, int) or isinstance(name, bool) or str(name) != written:
            self._note(NoteKind.ODD_KEY, written[:80], key.start, key.end)
        if frame.kinds.setdefault(name, type(name)) is not type(name):
            return key_text(name)
        return name

    def _note(self, kind: NoteKind, name: str, start: int, end: int, first: int = -1) -> None:
        if len(self.notes) < _MAX_NOTES:
            self.notes.append(Note(kind, name, Span(start, max(start, end)), first))

    def _problem(self, kind: Kind, event: Any, words: str) -> YamlProblemError:
        return YamlProblemError(kind, event.start_mark.line + 1, words)
