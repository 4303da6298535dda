"""GPath and the Groovy conditions that REST Assured evaluates in paths.

    title   items[0].id   items.id   items*.id   items.size()   $
    items.every { it.price > 0 }     with { it.kind != 'cat' || it.meow instanceof Boolean }

A path gives a value, a condition gives claims. What is not understood gives `Unknown`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pe4king_core.model.json import Json
from pe4king_core.testcode.claims import Claims, child, claim
from pe4king_core.testcode.java.closures import (
    Difference,
    Pairs,
    Result,
    UnreadableError,
    called,
    claims_of,
    closed,
    closure_item,
    compared,
    in_order,
    instance_of,
    pattern_check,
    property_of,
    spread,
    unique,
    value_of,
)
from pe4king_core.testcode.java.types import type_names
from pe4king_core.testcode.literals import number, unescape
from pe4king_core.testcode.logic import any_of, negation
from pe4king_core.testcode.values import (
    UNKNOWN,
    Items,
    Known,
    Measure,
    Measured,
    Part,
    Unknown,
    Value,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    | (?P<number>\d+(?:\.\d+)?[lLfFdDgG]?)
    | (?P<name>[^\W\d][\w$]*|\$|@[\w$]+)
    | (?P<sign>==~|=~|==|!=|<=|>=|&&|\|\||->|\?\.|\*\.|[-!<>%+*/.,:?()\[\]{}])
    )""",
    re.VERBOSE,
)
_REGEX = re.compile(r"\s*/((?:\\/|[^/\n])*)/")
_STEP = r"(?:[\w$@-]+|'[^']*'|\"[^\"]*\")(?:\[\d+\])*"
_PLAIN_PATH = re.compile(rf"(?:{_STEP}|(?:\[\d+\])+)(?:\.{_STEP})*\Z")
_BRACKETED = re.compile(r"\[\s*('[^'\[\]]*'|\"[^\"\[\]]*\")\s*\]")
"""`data['a b']`, which is `data.'a b'`."""
_UNIQUE = re.compile(r"\s*(\w+)\s*->\s*(\w+)\.count\s*\{\s*it\s*==\s*\1\s*\}\s*==\s*1\s*\}")
_PAIR = re.compile(r"\s*it\[0\]\s*(<=|>=)\s*it\[1\]\s*\}")
_DEPTH = 30


def gpath(root: Part, text: str) -> Value | Claims:
    """What `text` says of the JSON value `root`: a value, or the claims of a condition."""
    plain = _BRACKETED.sub(r".\1", text.strip()).removeprefix(".")
    if plain in ("", "$"):
        return root
    if _PLAIN_PATH.match(plain):
        return _plain_path(root, plain.removeprefix("$."))
    try:
        reader = _Reader(text, root)
        found = reader.disjunction()
        reader.end()
    except (UnreadableError, RecursionError):
        return Unknown(root.call)
    return found if not isinstance(found, Difference | Pairs) else Unknown(root.call)


def _plain_path(root: Part, text: str) -> Value:
    part = root
    for name, index in re.findall(r"('[^']*'|\"[^\"]*\"|[^.\[\]]+)|\[(\d+)\]", text):
        part = child(part, index or name.strip("'\""))
    return part


@dataclass(slots=True)
class _Reader:
    """Reads and evaluates in one pass; `names` holds the parameters of the closures around."""

    text: str
    root: Part
    position: int = 0
    names: dict[str, Result] = field(default_factory=dict)
    depth: int = 0

    # ── tokens ──

    def _peek(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            return "", ""
        return found.lastgroup or "", found[found.lastgroup or 0]

    def _next(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise UnreadableError
        self.position = found.end()
        return found.lastgroup or "", found[found.lastgroup or 0]

    def _take(self, *signs: str) -> str:
        """The next token if it is one of `signs`, else nothing."""
        _, token = self._peek()
        if token in signs:
            self._next()
            return token
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise UnreadableError

    def end(self) -> None:
        """Nothing but white space may follow."""
        if self.text[self.position :].strip():
            raise UnreadableError

    # ── conditions ──

    def disjunction(self) -> Result:
        self.depth += 1
        if self.depth > _DEPTH:
            raise UnreadableError
        parts = [self._conjunction()]
        while self._take("||"):
            parts.append(self._conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else any_of([claims_of(part) for part in parts])

    def _conjunction(self) -> Result:
        found = self._negated()
        while self._take("&&"):
            found = (*claims_of(found), *claims_of(self._negated()))
        return found

    def _negated(self) -> Result:
        if self._take("!"):
            return negation(claims_of(self._negated()))
        return self._comparison()

    def _comparison(self) -> Result:
        left = self._sum()
        sign = self._take("==~", "==", "!=", "<=", ">=", "<", ">", "in", "instanceof")
        if not sign:
            return left
        if sign == "==~":
            return self._matched(left)
        if sign == "instanceof":
            kind, name = self._next()
            if kind != "name" or not isinstance(left, Part):
                raise UnreadableError
            return instance_of(left, name)
        return compared(left, sign, self._sum())

    def _matched(self, left: Result) -> Claims:
        literal = _REGEX.match(self.text, self.position)
        if literal is not None:
            self.position = literal.end()
            pattern = literal[1].replace("\\/", "/")
        else:
            kind, token = self._next()
            if kind != "text":
                raise UnreadableError
            pattern = unescape(token[1:-1])
        if not isinstance(left, Part):
            raise UnreadableError
        return (claim(left, pattern_check(pattern)),)

    # ── values ──

    def _sum(self) -> Result:
        left = self._product()
        while sign := self._take("-", "+"):
            right = value_of(self._product())
            is_difference = sign == "-" and isinstance(left, Part)
            left = Difference(left, right) if is_difference and isinstance(left, Part) else UNKNOWN
        return left

    def _product(self) -> Result:
        left = self._postfix(self._primary())
        while self._take("%"):
            right = self._postfix(self._primary())
            factor = right.value if isinstance(right, Known) else None
            left = Measured(left, Measure.MODULO, factor) if isinstance(left, Part) else UNKNOWN
        return left

    def _primary(self) -> Result:
        kind, word = self._next()
        if kind == "text":
            return Known(unescape(word[1:-1]))
        if kind == "number":
            return Known(number(word.rstrip("gG")))
        if word == "-":
            following = self._primary()
            known = following.value if isinstance(following, Known) else None
            return Known(-known) if isinstance(known, int | float) else UNKNOWN
        if word == "(":
            inner = self.disjunction()
            self._need(")")
            return inner
        if word == "[":
            return self._list()
        if kind == "name":
            return self._name(word)
        raise UnreadableError

    def _list(self) -> Value:
        members: list[Value] = []
        while not self._take("]"):
            members.append(value_of(self.disjunction()))
            if not self._take(","):
                self._need("]")
                break
        values = [each.value for each in members if isinstance(each, Known)]
        return Known(values) if len(values) == len(members) else Items(tuple(members))

    def _name(self, name: str) -> Result:
        constants: dict[str, Json] = {"null": None, "true": True, "false": False}
        if name in constants:
            return Known(constants[name])
        if name in self.names:
            return self.names[name]
        if name == "$":
            return self.root
        _, token = self._peek()
        if token in ("(", "{"):
            return self._method(self.root, name)
        types = type_names(name)
        return types if self.names and types != UNKNOWN else child(self.root, name)

    def _postfix(self, value: Result) -> Result:
        while True:
            sign = self._take(".", "?.", "*.", "[")
            if not sign:
                return value
            if sign == "[":
                kind, token = self._next()
                self._need("]")
                if not isinstance(value, Part) or kind not in ("number", "text"):
                    raise UnreadableError
                value = child(value, token.strip("'\""))
                continue
            kind, token = self._next()
            if sign == "*.":
                value = spread(value)
            _, following = self._peek()
            if kind == "name" and following in ("(", "{"):
                value = self._method(value, token)
            elif kind in ("name", "text"):
                value = property_of(value, token if kind == "name" else unescape(token[1:-1]))
            else:
                raise UnreadableError

    def _method(self, value: Result, name: str) -> Result:
        arguments: list[Result] = []
        if self._take("("):
            while not self._take(")"):
                arguments.append(self.disjunction())
                if not self._take(","):
                    self._need(")")
                    break
        if self._peek()[1] == "{":
            return self._closure(value, name)
        return called(value, name, arguments)

    def _closure(self, value: Result, name: str) -> Result:
        self._need("{")
        special = self._idiom(value, name)
        if special is not None:
            return special
        parameter = "it"
        found = re.compile(r"\s*([^\W\d]\w*)\s*->").match(self.text, self.position)
        if found:
            parameter = found[1]
            self.position = found.end()
        item = closure_item(value, name)
        before = self.names.get(parameter)
        self.names[parameter] = item
        inside = self.disjunction()
        self._need("}")
        if before is None:
            del self.names[parameter]
        else:
            self.names[parameter] = before
        return closed(value, name, item, inside)

    def _idiom(self, value: Result, name: str) -> Claims | None:
        """Closures that say as a whole what their parts do not: all differ, in order."""
        found = _UNIQUE.match(self.text, self.position)
        claims = unique(value, name) if found else None
        if claims is None:
            found = _PAIR.match(self.text, self.position)
            claims = in_order(value, name, descending=found[1] == ">=") if found else None
        if found and claims is not None:
            self.position = found.end()
        return claims
