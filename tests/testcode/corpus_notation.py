"""The notation of the corpus' labels, brought to one form so that equal meanings are equal texts.

What is brought together: query strings, parameter names and constant ids in paths; `length` and
`size` (code alone often cannot tell text from list); inclusive and exclusive ends of whole
numbers; the two ends of a range; the order of types and values; `5.0` and `5`; escapes that a
pattern does not need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|\d+")
_FLAG = re.compile(
    r" (?P<flag>if present|absent|null ok|when \d+|perhaps|guard \S+|where \S+ in \[[^\]]*\])$"
)
_BOUNDS = re.compile(r"(\(?)(-?[\d.]+?)?\.\.(-?[\d.]+)?(\)?)")
_OPERAND = re.compile(r"(request|response|count|sum)\((.*)\)")


def path(text: str) -> str:
    """A path without its query, every hole and every constant id as `{}`."""
    plain = re.sub(r"\{[^}]*\}", "{}", text.split("?", 1)[0].split("#", 1)[0])
    return "/".join("{}" if _ID.fullmatch(part) else part for part in plain.split("/"))


def assertion(text: str, call_key: Callable[[str], str]) -> str:
    """`what how flags` in the one form; `call_key` names the call of a number."""
    flags: set[str] = set()
    while (found := _FLAG.search(text)) is not None:
        flags.add(found["flag"])
        text = text[: found.start()]
    what, how = _split_subject(text.strip())
    how = _how(what, how, flags, call_key)
    return " ".join([what, *([how] if how else []), *sorted(flags)])


def ends(text: str) -> tuple[str, ...]:
    """A range of the body with two ends, in the one form, as two with one end each."""
    found = re.fullmatch(r"(body\(.*?\) range )(\(?-?[\d.]+?)\.\.(-?[\d.]+?\)?)((?: .*)?)", text)
    if found is None:
        return (text,)
    what, low, high, flags = found.groups()
    return f"{what}{low}..{flags}", f"{what}..{high}{flags}"


def _split_subject(text: str) -> tuple[str, str]:
    """`body(/a b) == 1` -> `body(/a b)`, `== 1`; header names compare without case."""
    if "(" in text.split(" ", 1)[0]:
        end = text.index(")") + 1
        what, how = text[:end], text[end:].strip()
    else:
        what, _, how = text.partition(" ")
    if what not in ("status", "content_type") and not what.startswith(("header(", "body(")):
        raise ValueError(f"no such subject: {text!r}")
    if what.lower() == "header(content-type)":
        what = "content_type"
    return (what.lower() if what.startswith("header") else what), how


def _how(what: str, how: str, flags: set[str], call_key: Callable[[str], str]) -> str:
    kind, _, rest = how.partition(" ")
    match kind:
        case "" | "unique" | "conforms":
            return kind
        case "not" if rest == "null":
            return how if what.startswith("body") else ""  # a header is never null
        case "==" | "contains":
            return f"{kind} {_operand(rest, call_key)}"
        case "in":
            return _one_of(json.loads(rest), flags)
        case "type":
            return _types(rest, flags)
        case "size" | "length":
            return f"size {_bounds(rest, whole=True)}"
        case "range":
            return f"range {_bounds(rest, whole=what == 'status')}"
        case "matches":
            return f"matches {_pattern(rest)}"
        case "only":
            return f"only {' '.join(sorted(rest.split()))}"
        case "format" | "multiple" | "sorted":
            return how
    raise ValueError(f"no such check: {how!r}")


def _operand(text: str, call_key: Callable[[str], str]) -> str:
    found = _OPERAND.fullmatch(text)
    if found is None:
        return _value(json.loads(text))
    kind, inside = found.groups()
    if kind != "response":
        return text
    number, _, pointer = inside.partition(" ")
    return f"response({call_key(number)} {pointer})"


def _value(value: object) -> str:
    return json.dumps(_whole(value), ensure_ascii=False, sort_keys=True)


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return value


def _one_of(values: list[object], flags: set[str]) -> str:
    if "null ok" in flags:
        flags.discard("null ok")
        values = [*values, None]
    texts = sorted({_value(value) for value in values})
    return f"== {texts[0]}" if len(texts) == 1 else f"in [{', '.join(texts)}]"


def _types(text: str, flags: set[str]) -> str:
    types = set(text.split("|"))
    if "null ok" in flags:
        flags.discard("null ok")
        types.add("null")
    if "number" in types:
        types.discard("integer")
    return "type " + "|".join(sorted(types))


def _bounds(text: str, *, whole: bool) -> str:
    found = _BOUNDS.fullmatch(text)
    if found is None:
        raise ValueError(f"no bounds: {text!r}")
    low = None if found[2] is None else _number(found[2])
    high = None if found[3] is None else _number(found[3])
    opening, closing = found[1] and low is not None, found[4] and high is not None
    if whole and opening and low is not None:
        low, opening = low + 1, False
    if whole and closing and high is not None:
        high, closing = high - 1, False
    left, right = ("" if end is None else str(end) for end in (low, high))
    return f"{'(' if opening else ''}{left}..{right}{')' if closing else ''}"


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _pattern(text: str) -> str:
    plain = re.sub(r"\\([/\"'@:;,%&~#!=<> ])", r"\1", text)
    wrapped = re.fullmatch(r"\^\(\?:(.*)\)\$", plain)
    if wrapped is not None and "|" not in wrapped[1]:
        plain = f"^{wrapped[1]}$"
    return plain
