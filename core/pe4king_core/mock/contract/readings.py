"""What a text on the wire may mean: every reading of it that a server could have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any
from urllib.parse import unquote, unquote_plus

from pe4king_core.mock.contract.operations import Parameter
from pe4king_core.mock.contract.pointers import UnjudgedError

Field = list[tuple[str, str]]
"""What was sent for one field of a form: the brackets behind its name, and the text."""
_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def json_value(content: bytes | str) -> Any:
    """What a JSON text says. Raises ValueError where it is none, UnjudgedError if too deep."""
    try:
        return json.loads(content, parse_constant=_no_number)
    except RecursionError:
        raise UnjudgedError("JSON nested too deeply") from None
    except ValueError as error:
        if "digits" in str(error):  # a number longer than Python converts
            raise UnjudgedError("a number that is too long") from None
        raise


def _no_number(name: str) -> Any:
    raise ValueError(name)


def parameter_readings(parameter: Parameter, texts: list[str]) -> Iterator[Any]:
    """What the texts of one parameter may mean."""
    decoded = [unquote(text) if parameter.place == "path" else text for text in texts]
    if len(texts) == 1:
        yield from scalars(decoded[0])
    yield from lists(decoded)
    for separator in {_SEPARATORS.get(parameter.style, ","), ",", "."}:
        split = [unquote_plus(each) for each in texts[0].split(separator)]
        if len(texts) == 1 and (len(split) > 1 or separator == ","):
            yield from lists(split)
            if all("=" in each for each in split):
                yield from objects(dict(each.split("=", 1) for each in split))
            elif len(split) % 2 == 0:
                yield from objects(dict(zip(split[::2], split[1::2], strict=True)))
    if texts == [""]:
        yield from ([], {}, None)


def scalars(text: str) -> Iterator[Any]:
    """What a text on the wire may be read as."""
    yield text
    if text in ("true", "false"):
        yield text == "true"
    if text in ("null", ""):
        yield None
    if re.fullmatch(r"-?[0-9]+", text):
        yield int(text)
    elif re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        yield float(text)


def lists(texts: Sequence[str]) -> Iterator[list[Any]]:
    """An array of what texts on the wire may be read as, those read alike first."""
    alike = [[list(scalars(text))[-1] for text in texts], list(texts)]
    yield from alike
    yield from (list(each) for each in product(*(list(scalars(text)) for text in texts)))


def objects(members: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """An object whose members are what texts on the wire may be read as."""
    choices = [list(scalars(text)) for text in members.values()]
    for each in product(*(reversed(choice) for choice in choices)):
        yield dict(zip(members, each, strict=True))


def form_fields(pairs: Sequence[tuple[str, str]]) -> dict[str, Field]:
    """The pairs of a form by the name before the brackets."""
    fields: dict[str, Field] = {}
    for name, text in pairs:
        head = name.split("[", maxsplit=1)[0]
        fields.setdefault(head, []).append((name[len(head) :], text))
    return fields


def field_readings(texts: Field, style: str) -> Iterator[Any]:
    """Readings of one field; with the style `deepObject` objects are written in brackets only."""
    if any(brackets for brackets, _ in texts):
        for last in (True, False):
            yield _tree(texts, typed=last)
        return
    values = [text for _, text in texts]
    if len(values) == 1:
        yield from scalars(values[0])
        yield from () if style == "deepObject" else _as_json(values[0])
        if style in _SEPARATORS:
            split = values[0].split(_SEPARATORS[style])
            yield from lists(split)
            yield from objects(dict(zip(split[::2], split[1::2], strict=False)))
        yield from islice(lists(values[0].split(",")), 4)
    yield from islice(lists(values), 8)
    yield [next(_as_json(text), text) for text in values]


def whole_forms(fields: Mapping[str, Field]) -> Iterator[dict[str, Any]]:
    """Readings of a form whose fields the document does not name one by one."""
    choices = [list(field_readings(texts, "")) for texts in fields.values()]
    for each in product(*choices):
        yield dict(zip(fields, each, strict=True))


def _as_json(text: str) -> Iterator[Any]:
    try:
        loaded = json.loads(text)
    except ValueError:
        return
    if isinstance(loaded, dict | list):
        yield loaded


def _tree(texts: Field, *, typed: bool) -> Any:
    """`[a]`, `[]` and `[0]` as objects and arrays, every scalar read the same way."""
    root: dict[str, Any] = {}
    for number, (brackets, text) in enumerate(texts):
        keys = [key or str(number) for key in re.findall(r"\[([^\]]*)\]", brackets)]
        value = list(scalars(text))[-1] if typed else text
        node = root
        for key in keys[:-1]:
            inner = node.setdefault(key, {})
            node = inner if isinstance(inner, dict) else {}
        if keys:
            node[keys[-1]] = value
    return _with_arrays(root)


def _with_arrays(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    made = {key: _with_arrays(value) for key, value in node.items()}
    if made and all(key.isdigit() for key in made):
        return [made[key] for key in sorted(made, key=int)]
    return made
