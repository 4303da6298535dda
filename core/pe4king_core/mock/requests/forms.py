"""Forms, urlencoded and multipart, as the values that their schemas describe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from pe4king_core.mock.requests.decoding import EncodingError, Pair, decoded, pairs_of
from pe4king_core.mock.requests.jsons import TextError, json_of
from pe4king_core.mock.requests.media import ContentType, content_type_of
from pe4king_core.mock.requests.multipart import Part, parts_of
from pe4king_core.mock.requests.styles import member_names, objects, tree_of, types_for
from pe4king_core.mock.requests.typed import Raw, plain, readings
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Encoding, MediaType
from pe4king_core.model.parts import MediaKind, media_kind
from pe4king_core.model.schema import JsonType, Schema

_DELIMITERS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


def urlencoded(body: bytes, media: MediaType, *, lenient: bool = False) -> Iterator[Json]:
    """What a form may mean, the likeliest first. Raises TextError."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextError("not UTF-8") from error
    try:
        pairs = [(n, decoded(t, plus=True, lenient=lenient)) for n, t in pairs_of(text)]
    except EncodingError as error:
        raise TextError(str(error)) from error
    known = member_names(media.schema) if media.schema is not None else frozenset()
    yield from _of_tree(_tree(pairs, media, known), media.schema)


def multipart(
    body: bytes, sent: ContentType, media: MediaType, *, lenient: bool = False
) -> Iterator[Json]:
    """What a multipart body may mean: an object of its named parts, else an array of all parts.

    Raises TextError.
    """
    parts = parts_of(body, sent.parameters.get("boundary", ""))
    if sent.base != "multipart/form-data":
        yield [_content(part, lenient=lenient) for part in parts]
        return
    ready: dict[str, list[Json]] = {}
    pairs: list[Pair] = []
    for part in parts:
        if part.name is None:
            raise TextError("a part without a name")
        _check_type(part, media.encoding.get(part.name))
        if _is_json(part):
            ready.setdefault(part.name, []).append(_content(part, lenient=lenient))
        else:
            pairs.append((part.name, text_of(part.content)))
    known = member_names(media.schema) if media.schema is not None else frozenset()
    for value in _of_tree(_tree(pairs, media, known), media.schema):
        yield {**value, **{name: _one(found, name, media) for name, found in ready.items()}}


def text_of(content: bytes) -> str:
    """Bytes as text: UTF-8, else one character for each byte."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_json(part: Part) -> bool:
    return media_kind(part.content_type) is MediaKind.JSON and part.file_name is None


def _content(part: Part, *, lenient: bool) -> Json:
    text = text_of(part.content)
    return json_of(text, lenient=lenient) if _is_json(part) else text


def _one(values: list[Json], name: str, media: MediaType) -> Json:
    """Parts of one name are items of an array."""
    schema = media.schema.properties.get(name) if media.schema is not None else None
    types = types_for(schema) if schema is not None else frozenset()
    whole = isinstance(values[0], list) or (values[0] is None and JsonType.NULL in types)
    if len(values) > 1 or (JsonType.ARRAY in types and not whole):
        return values
    return values[0]


def _check_type(part: Part, encoding: Encoding | None) -> None:
    """A part that says what it is has to be what the document asks for."""
    stated = encoding.content_type if encoding is not None else ""
    sent = content_type_of(part.content_type).base
    if not stated or sent in ("", "application/octet-stream", "text/plain"):
        return
    names = [name.partition(";")[0].strip().lower() for name in stated.split(",")]
    if not any(fnmatchcase(sent, name) for name in names):
        raise TextError(f"part {part.name!r} is {sent}, not {stated}")


def _tree(pairs: Sequence[Pair], media: MediaType, known: frozenset[str]) -> dict[str, Raw]:
    tree = tree_of(pairs, known)
    schema = media.schema
    for name, encoding in media.encoding.items():
        if not encoding.styled or schema is None or encoding.style == "deepObject":
            continue
        stated = schema.properties.get(name)
        if stated is not None:
            _restyle(tree, name, stated, encoding, known)
    return tree


def _restyle(
    tree: dict[str, Raw], name: str, schema: Schema, encoding: Encoding, known: frozenset[str]
) -> None:
    """A field with a style: delimited in one text, or the members of an object by themselves."""
    types, raw = types_for(schema), tree.get(name)
    if isinstance(raw, str) and not encoding.explode:
        parts = raw.split(_DELIMITERS.get(encoding.style, ",")) if raw else []
        if JsonType.ARRAY in types:
            tree[name] = list(parts)
        elif JsonType.OBJECT in types:
            tree[name] = next(objects(parts, explode=False), raw)
    elif raw is None and encoding.explode and JsonType.OBJECT in types:
        mine = [member for member in schema.properties if member in tree and member not in known]
        if mine:
            tree[name] = {member: tree.pop(member) for member in mine}


def _of_tree(tree: dict[str, Raw], schema: Schema | None) -> Iterator[dict[str, Json]]:
    found = False
    for value in readings(tree, schema, inner=True):
        if isinstance(value, dict):
            found = True
            yield value
    if not found:
        yield {name: plain(member) for name, member in tree.items()}
