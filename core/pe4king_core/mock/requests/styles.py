"""Parameters as they travel become texts, lists and mappings of texts (OpenAPI, `style`).

Delimiters are looked for in the text as it was sent, so that an encoded one stays in its item;
many clients encode them all, so a text without any is looked at once more when it is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pe4king_core.mock.requests.decoding import Pair, decoded
from pe4king_core.mock.requests.typed import Raw, property_schemas, shapes, types_of
from pe4king_core.model.operation import Parameter
from pe4king_core.model.schema import JsonType, Schema

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_COLLECTIONS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
_OBJECT = frozenset({JsonType.OBJECT, JsonType.NULL})
_MOST_KEYS = 32
_KEY = re.compile(r"\[([^\[\]]*)\]")


def delimiter_of(parameter: Parameter) -> str:
    """What stands between items that are not repeated."""
    by_collection = _COLLECTIONS.get(parameter.collection_format)
    return by_collection or _DELIMITERS.get(parameter.style, ",")


def types_for(schema: Schema | None) -> frozenset[JsonType]:
    """All types that a value of `schema` may have."""
    if schema is None:
        return frozenset({JsonType.STRING})
    found = [types_of(shape) for shape in shapes(schema)]
    return frozenset().union(*found)


def cut(raw: str, delimiter: str, *, plus: bool = False, lenient: bool = False) -> list[str]:
    """`raw` at its delimiters, each part decoded; "" has no parts. Raises EncodingError."""
    if raw == "":
        return []
    spellings = {delimiter, "+"} if plus and delimiter == " " else {delimiter}
    for spelling in sorted(spellings):
        if spelling in raw:
            return [decoded(part, plus=plus, lenient=lenient) for part in raw.split(spelling)]
    return decoded(raw, plus=plus, lenient=lenient).split(delimiter)


def structures(
    raw: str, parameter: Parameter, types: frozenset[JsonType], *, plus: bool, lenient: bool
) -> Iterator[Raw]:
    """Arrays and objects that are one text, by the parameter's style."""
    delimiter = delimiter_of(parameter)
    if JsonType.ARRAY in types:
        yield list(cut(raw, delimiter, plus=plus, lenient=lenient))
    if JsonType.OBJECT in types:
        parts = cut(raw, delimiter, plus=plus, lenient=lenient)
        yield from objects(parts, explode=parameter.explode)


def objects(parts: Sequence[str], *, explode: bool) -> Iterator[Raw]:
    """An object of `name=value` where it is exploded, of names and values in turn where not."""
    if explode:
        if all("=" in part for part in parts):
            named = (part.partition("=") for part in parts)
            yield {name: text for name, _, text in named}
    elif len(parts) % 2 == 0:
        yield dict(zip(parts[::2], parts[1::2], strict=True))


def of_path(raw: str, parameter: Parameter, *, lenient: bool) -> Iterator[Raw]:
    """What the text of a path parameter may be. Raises EncodingError."""
    types = types_for(parameter.schema)
    if parameter.style == "label":
        yield from _labelled(raw.removeprefix("."), parameter, types, lenient)
        return
    if parameter.style == "matrix":
        yield from _matrix(raw, parameter, types, lenient)
        return
    yield from structures(raw, parameter, types, plus=False, lenient=lenient)
    yield decoded(raw, lenient=lenient)


def _labelled(
    raw: str, parameter: Parameter, types: frozenset[JsonType], lenient: bool
) -> Iterator[Raw]:
    delimiter = "." if parameter.explode else ","
    if JsonType.ARRAY in types:
        yield list(cut(raw, delimiter, lenient=lenient))
    if JsonType.OBJECT in types:
        yield from objects(cut(raw, delimiter, lenient=lenient), explode=parameter.explode)
    yield decoded(raw, lenient=lenient)


def _matrix(
    raw: str, parameter: Parameter, types: frozenset[JsonType], lenient: bool
) -> Iterator[Raw]:
    whole = raw if raw.startswith(";") else decoded(raw, lenient=lenient)
    named = [part.partition("=") for part in whole.removeprefix(";").split(";")]
    pairs = [(decoded(name, lenient=lenient), text) for name, _, text in named]
    own = [text for name, text in pairs if name == parameter.name]
    if parameter.explode and JsonType.OBJECT in types:
        yield {name: decoded(text, lenient=lenient) for name, text in pairs}
    if parameter.explode and JsonType.ARRAY in types and own:
        yield [decoded(text, lenient=lenient) for text in own]
    if len(own) != 1 or len(pairs) > 1:
        return
    if not parameter.explode:
        yield from structures(own[0], parameter, types, plus=False, lenient=lenient)
    yield decoded(own[0], lenient=lenient)


def keys_of(name: str) -> tuple[str, ...]:
    """`a[b][c]` as `a`, `b`, `c`; a name with other brackets is itself."""
    head, mark, rest = name.partition("[")
    if not mark or not head:
        return (name,)
    found = tuple(_KEY.findall(mark + rest))[: _MOST_KEYS + 1]
    whole = sum(len(key) + 2 for key in found) == len(rest) + 1
    return (head, *found) if whole and len(found) <= _MOST_KEYS else (name,)


def put(tree: dict[str, Raw], keys: Sequence[str], text: str) -> None:
    """Adds a text at its keys; a key that is repeated, or empty (`[]`), makes a list."""
    node = tree
    for position, key in enumerate(keys[:-1], 1):
        if keys[position] == "":
            _put_in_list(node, key, keys[position + 1 :], text)
            return
        inner = node.get(key)
        if not isinstance(inner, dict):
            inner = node[key] = {}
        node = inner
    _put_last(node, keys[-1], text)


def _put_last(node: dict[str, Raw], key: str, text: str) -> None:
    known = node.get(key)
    if known is None:
        node[key] = text
    elif isinstance(known, list):
        known.append(text)
    else:
        node[key] = [known, text]


def _put_in_list(node: dict[str, Raw], key: str, rest: Sequence[str], text: str) -> None:
    """`a[]=1`; `a[][b]=1` goes into the last item if that has no such member yet."""
    items = node.setdefault(key, [])
    if not isinstance(items, list):
        return
    if not rest:
        items.append(text)
        return
    last = items[-1] if items else None
    if not isinstance(last, dict) or rest[0] in last:
        last = {}
        items.append(last)
    put(last, rest, text)


def tree_of(pairs: Sequence[Pair], known: frozenset[str] = frozenset()) -> dict[str, Raw]:
    """Pairs of names with brackets as a tree; names in `known` are taken as they stand."""
    tree: dict[str, Raw] = {}
    for name, text in pairs:
        put(tree, (name,) if name in known else keys_of(name), text)
    return tree


def member_names(schema: Schema) -> frozenset[str]:
    """The names of the properties that `schema` states, in any branch."""
    return frozenset(name for shape in shapes(schema) for one in shape for name in one.properties)


def takes_others(schema: Schema) -> bool:
    """Whether members may have any name: they are described so, or nothing is said of them."""
    return any(
        property_schemas("\0", shape)
        or (types_of(shape) <= _OBJECT and not any(one.properties for one in shape))
        for shape in shapes(schema)
    )
