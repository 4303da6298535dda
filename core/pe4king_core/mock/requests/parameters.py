"""The parameters of a request: found where they travel, decoded by their style, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_core.mock.requests import lenient, styles
from pe4king_core.mock.requests.decoding import (
    EncodingError,
    Pair,
    cookies_of,
    decoded,
    header_texts,
    pairs_of,
)
from pe4king_core.mock.requests.jsons import TextError, json_of
from pe4king_core.mock.requests.plans import Plan
from pe4king_core.mock.requests.reading import FaultIn, RequestFault
from pe4king_core.mock.requests.typed import Raw, readings
from pe4king_core.mock.requests.wording import worded
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Parameter, ParameterIn
from pe4king_core.model.parts import MediaKind, media_kind
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity, violations

_PLACES = {
    ParameterIn.PATH: FaultIn.PATH,
    ParameterIn.QUERY: FaultIn.QUERY,
    ParameterIn.QUERYSTRING: FaultIn.QUERY,
    ParameterIn.HEADER: FaultIn.HEADER,
    ParameterIn.COOKIE: FaultIn.COOKIE,
}
Values = dict[str, Json]


@dataclass(slots=True)
class ParameterReader:
    """Reads the parameters of one request; what is wrong gathers in `faults`."""

    plan: Plan
    is_lenient: bool
    faults: list[RequestFault] = field(default_factory=list)

    def path(self, texts: Mapping[str, str]) -> Values:
        """The path parameters; they are always there."""
        values: Values = {}
        for parameter in self.plan.path:
            raw = texts.get(parameter.name)
            if raw is not None:
                found = styles.of_path(raw, parameter, lenient=self.is_lenient)
                self._keep(values, parameter, raw, found)
        return values

    def query(self, raw: str) -> Values:
        """The query parameters."""
        values: Values = {}
        whole = self.plan.querystring
        if whole is not None:
            self._query_string(values, whole, raw)
        if not self.plan.query:
            return values
        pairs = pairs_of(raw)
        for parameter in self.plan.query:
            texts = [text for name, text in pairs if name == parameter.name]
            if texts or not self._is_spread(parameter):
                self._query_texts(values, parameter, texts)
            else:
                self._members(values, parameter, pairs)
        return values

    def headers(self, sent: Mapping[str, list[str]]) -> Values:
        """The header parameters; `sent` has their names in lower case."""
        values: Values = {}
        for name, parameter in self.plan.headers:
            texts = sent.get(name)
            if texts is None:
                self._missing(values, parameter)
                continue
            raw = ", ".join(texts)
            self._keep(values, parameter, raw, self._of_header(raw, parameter))
        return values

    def cookies(self, headers: Iterable[str]) -> Values:
        """The cookie parameters."""
        values: Values = {}
        pairs = cookies_of(headers) if self.plan.cookies else []
        for parameter in self.plan.cookies:
            texts = [text for name, text in pairs if name == parameter.name]
            if texts or not self._is_spread(parameter):
                self._query_texts(values, parameter, texts, plus=False)
            else:
                self._members(values, parameter, pairs, plus=False)
        return values

    def _is_spread(self, parameter: Parameter) -> bool:
        """Whether it may travel under other names than its own."""
        if parameter.content_type is not None:
            return False
        return bool(styles.types_for(parameter.schema) & {JsonType.OBJECT, JsonType.ARRAY})

    def _query_texts(
        self,
        values: Values,
        parameter: Parameter,
        texts: Sequence[str],
        *,
        plus: bool = True,
    ) -> None:
        if not texts:
            self._missing(values, parameter)
        elif texts == [""] and parameter.allow_empty_value:
            values[parameter.name] = ""
        else:
            found = self._of_texts(texts, parameter, plus=plus)
            self._keep(values, parameter, "&".join(texts), found)

    def _of_texts(self, texts: Sequence[str], parameter: Parameter, *, plus: bool) -> Iterator[Raw]:
        # Cookies need not be percent-encoded (RFC 6265): there a `%` may be just that.
        lenient = self.is_lenient or not plus
        if len(texts) > 1:
            yield [decoded(text, plus=plus, lenient=lenient) for text in texts]
            return
        types = styles.types_for(parameter.schema)
        if parameter.content_type is None and types & {JsonType.ARRAY, JsonType.OBJECT}:
            if texts == [""] and JsonType.ARRAY in types:
                yield []
            if not parameter.explode or parameter.collection_format not in ("", "multi"):
                yield from styles.structures(texts[0], parameter, types, plus=plus, lenient=lenient)
        yield decoded(texts[0], plus=plus, lenient=lenient)

    def _members(
        self, values: Values, parameter: Parameter, pairs: Sequence[Pair], *, plus: bool = True
    ) -> None:
        """Objects and arrays in brackets, and exploded objects, whose members have no prefix."""
        start = f"{parameter.name}["
        mine = [(name, text) for name, text in pairs if name.startswith(start)]
        bare = not mine and parameter.explode and parameter.style in ("form", "cookie")
        if bare and JsonType.OBJECT in styles.types_for(parameter.schema):
            mine = self._own(parameter, pairs)
        if not mine:
            self._missing(values, parameter)
            return
        raw = "&".join(f"{name}={text}" for name, text in mine)
        self._keep(values, parameter, raw, self._tree(mine, parameter, bare=bare, plus=plus))

    def _own(self, parameter: Parameter, pairs: Sequence[Pair]) -> list[Pair]:
        schema = parameter.schema
        names = styles.member_names(schema) if schema is not None else frozenset()
        taken = self.plan.query_names - {parameter.name}
        others = schema is not None and styles.takes_others(schema)
        return [
            (name, text)
            for name, text in pairs
            if styles.keys_of(name)[0] in names or (others and name not in taken)
        ]

    def _tree(
        self, pairs: Sequence[Pair], parameter: Parameter, *, bare: bool, plus: bool
    ) -> Iterator[Raw]:
        read = [
            (n, decoded(text, plus=plus, lenient=self.is_lenient or not plus)) for n, text in pairs
        ]
        tree = styles.tree_of(read)
        yield tree if bare else tree.get(parameter.name, tree)

    def _query_string(self, values: Values, parameter: Parameter, raw: str) -> None:
        if not raw:
            self._missing(values, parameter)
            return
        form = media_kind(parameter.content_type or "") in (MediaKind.FORM, MediaKind.OTHER)
        self._keep(values, parameter, raw, self._of_query_string(raw, parameter, form=form))

    def _of_query_string(self, raw: str, parameter: Parameter, *, form: bool) -> Iterator[Raw]:
        if form:
            schema = parameter.schema
            known = styles.member_names(schema) if schema is not None else frozenset()
            pairs = pairs_of(raw)
            yield styles.tree_of(
                [(name, decoded(t, plus=True, lenient=self.is_lenient)) for name, t in pairs], known
            )
        yield decoded(raw, lenient=self.is_lenient)

    def _of_header(self, raw: str, parameter: Parameter) -> Iterator[Raw]:
        types = styles.types_for(parameter.schema)
        structured = types & {JsonType.ARRAY, JsonType.OBJECT}
        delimiter = styles.delimiter_of(parameter)
        for text in header_texts(raw):
            if parameter.content_type is None and structured:
                parts = [part.strip(" \t") for part in text.split(delimiter)] if text else []
                if JsonType.ARRAY in types:
                    yield list(parts)
                if JsonType.OBJECT in types:
                    yield from styles.objects(parts, explode=parameter.explode)
            yield text

    def _missing(self, values: Values, parameter: Parameter) -> None:
        if not parameter.required:
            return
        schema = parameter.schema
        if self.is_lenient and schema is not None:
            if schema.has_default:
                values[parameter.name] = schema.default
                return
            spread = parameter.content_type is None and JsonType.OBJECT in schema.types
            if spread and validity({}, schema) is not Validity.INVALID:
                return
        self._fault(parameter, "required", worded("required", "", None, schema))

    def _keep(self, values: Values, parameter: Parameter, raw: str, found: Iterator[Raw]) -> None:
        """The first valid of the values that `found` may mean, else a fault."""
        if self.is_lenient and not raw.strip() and not parameter.required:
            return
        try:
            raws = list(found)
            judged = _judged(_values(raws, parameter), parameter.schema)
        except (EncodingError, TextError) as error:
            said = error.said if isinstance(error, TextError) else None
            self._fault(parameter, str(error), said)
            return
        if judged.is_valid:
            values[parameter.name] = judged.value
        elif not (self.is_lenient and self._coerced(values, parameter, raws)):
            if judged.is_there:
                values[parameter.name] = judged.value
            for reason in _reasons(judged, raws, parameter.schema):
                pointer, _, keyword = reason.rpartition(": ")
                said = worded(keyword, pointer, judged.value, parameter.schema)
                self._fault(parameter, reason, _within(pointer, said))

    def _coerced(self, values: Values, parameter: Parameter, raws: Sequence[Raw]) -> bool:
        schema = parameter.schema
        if schema is None:
            return False
        for raw in reversed(raws):
            try:
                values[parameter.name] = lenient.of_text(raw, schema)
            except lenient.NotValidError:
                continue
            return True
        for value in _values(raws, parameter):
            try:
                values[parameter.name] = lenient.of_value(value, schema)
            except lenient.NotValidError:
                continue
            return True
        if raws and isinstance(raws[-1], str) and not raws[-1].strip() and schema.has_default:
            values[parameter.name] = schema.default
            return True
        return False

    def _fault(self, parameter: Parameter, reason: str, said: Message | None) -> None:
        where = _PLACES[parameter.location]
        self.faults.append(RequestFault(where, parameter.name, reason, parameter.pointer, said))


def _within(pointer: str, said: Message) -> Message:
    """`said` of a place inside of a parameter."""
    return Message(f"{pointer} {said.en}", f"{pointer} {said.ru}") if pointer else said


@dataclass(slots=True)
class _Judged:
    """The best reading of a text."""

    value: Json = None
    verdict: Validity = Validity.INVALID
    is_there: bool = False

    @property
    def is_valid(self) -> bool:
        return self.verdict is not Validity.INVALID


def _values(raws: Sequence[Raw], parameter: Parameter) -> Iterator[Json]:
    """Raises TextError where a text should be JSON."""
    content = parameter.content_type
    is_json = content is not None and media_kind(content) is MediaKind.JSON
    for raw in raws:
        if is_json and isinstance(raw, str):
            yield json_of(raw)
        else:
            yield from readings(raw, parameter.schema)


def _judged(values: Iterable[Json], schema: Schema | None) -> _Judged:
    best = _Judged()
    for value in values:
        verdict = (
            validity(value, schema, direction=Direction.REQUEST)
            if schema is not None
            else Validity.VALID
        )
        if verdict is Validity.VALID:
            return _Judged(value, verdict, is_there=True)
        if not best.is_there or (verdict is Validity.UNKNOWN and not best.is_valid):
            best = _Judged(value, verdict, is_there=True)
    return best


def _reasons(judged: _Judged, raws: Sequence[Raw], schema: Schema | None) -> list[str]:
    types = styles.types_for(schema)
    repeated = len(raws) == 1 and isinstance(raws[0], list)
    if repeated and JsonType.ARRAY not in types:
        return ["repeated"]
    if schema is None or not judged.is_there:
        return ["style"]
    found = violations(judged.value, schema, direction=Direction.REQUEST)
    return [reason.removeprefix(": ") for reason in found] or ["schema"]
