"""Small random schemas and values that are valid against them, as JSON Schema 2020-12 says.

The values are made from the schema's text with no help from the product, and checked by the
`jsonschema` package. Two conventions of API documents are taken for granted: a schema that has
`properties` and no `type` means an object, and integers are written without a fraction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Raw = Any
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d:\d\d)")
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_FORMATS = FormatChecker(("uuid", "date", "date-time", "email", "uri", "ipv4", "ipv6"))
_FORMATS.checks("time")(lambda text: not isinstance(text, str) or bool(_TIME.fullmatch(text)))
_FORMATS.checks("hostname")(
    lambda text: not isinstance(text, str) or bool(_HOSTNAME.fullmatch(text))
)
_NAMES = ("id", "name", "tags", "kind", "a/b", "x~y", "цена", "200", "*", "class", 'q"q')
_ONE_WAY = {"readOnly": "stamp", "writeOnly": "secret"}
"""The names of properties that only answers, and only requests, have."""
_BY_FORMAT = {
    "uuid": ["3F2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d", "00000000-0000-0000-0000-000000000000"],
    "date": ["2024-02-29", "0001-01-01"],
    "date-time": ["2024-05-17t09:30:00.123456z", "1999-12-31T23:59:59+14:00"],
    "time": ["09:30:00Z", "23:59:59.5-03:30"],
    "email": ["a@b", "anna+x@example.com"],
    "uri": ["urn:isbn:0451450523", "https://example.com/?q=1#x", "mailto:a@b.example"],
    "ipv4": ["0.0.0.0", "255.255.255.255"],
    "ipv6": ["::", "2001:db8::10", "::ffff:192.0.2.1"],
    "hostname": ["a.example.com", "xn--e1afmkfd.example"],
    "int64": ["text of another format"],
    "custom": ["", "anything"],
}
_BY_PATTERN = {
    "^[a-z]+$": ["a", "zebra"],
    "^[A-Z]{2}-\\d{3,}$": ["AB-123", "ZZ-00001"],
    "x": ["x", "a x b", "\nx"],
    "^(\\d+)?$": ["", "42"],
    "^[^,]*$": ["", "a b", "ё\n"],
    "\\bword\\b": ["word", "a word."],
    "^(?!admin).+$": ["user", "a"],
}
_VALUES: tuple[Raw, ...] = (None, True, False, 0, 1, -1, 2.5, "", "a", [], [1], {}, {"id": 1})


@dataclass(frozen=True)
class Made:
    """A root schema and the components it refers to."""

    schema: Raw
    components: dict[str, Raw]

    def document(self, place: str) -> str:
        """An OpenAPI document with the schema in a `request` or a `response`."""
        media = {"application/json": {"schema": self.schema}}
        operation: Raw = {"responses": {"200": {"description": "d"}, "422": {"description": "e"}}}
        if place == "request":
            operation["requestBody"] = {"required": True, "content": media}
        else:
            operation["responses"]["200"]["content"] = media
        return json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "t", "version": "1"},
                "paths": {"/x": {"post": operation}},
                "components": {"schemas": self.components},
            }
        )

    def validator(self, left_out: str) -> Draft202012Validator:
        """For one direction: properties marked `left_out` are not required there."""
        root = {"components": {"schemas": self.components}, "allOf": [self.schema]}
        return Draft202012Validator(_as_meant(root, _ONE_WAY[left_out]), format_checker=_FORMATS)


def _as_meant(raw: Raw, left_out: str) -> Raw:
    """`raw` with `left_out` not required, and the object that `properties` mean."""
    if isinstance(raw, list):
        return [_as_meant(item, left_out) for item in raw]
    if not isinstance(raw, dict):
        return raw
    made = {name: _as_meant(value, left_out) for name, value in raw.items()}
    if isinstance(made.get("required"), list):
        made["required"] = [name for name in made["required"] if name != left_out]
    if isinstance(made.get("properties"), dict):
        made.setdefault("type", ["object", "null"])
    return made


class Schemas:
    """Makes schemas out of one source of randomness; `untyped`: also objects with no type."""

    def __init__(self, random: Random, *, untyped: bool = True) -> None:
        self._random = random
        self._untyped = untyped
        self._components: dict[str, Raw] = {}

    def make(self) -> Made:
        """A schema of a few levels, mostly an object."""
        chosen = self._random.choice((self._object, self._object, self._object, self._any))
        return Made(chosen(3), self._components)

    def _any(self, depth: int) -> Raw:
        makers = [self._string, self._string, self._number, self._values, self._scalar]
        if depth > 0:
            makers += [self._object, self._object, self._array, self._choice, self._tagged]
            makers += [self._all, self._recursive, self._number, self._array]
            makers += [self._referred, self._referred]
        return self._random.choice(makers)(depth - 1)

    def _chance(self, percent: int = 30) -> bool:
        return self._random.randrange(100) < percent

    def _typed(self, kind: str) -> dict[str, Raw]:
        return {"type": [kind, "null"] if self._chance(20) else kind}

    def _scalar(self, _depth: int) -> Raw:
        kinds = ("boolean", "null", "string", "integer", "number", "object", "array")
        return self._random.choice(
            (
                {},
                True,
                {"type": "boolean"},
                {"type": ["boolean", "null"]},
                {"type": "null"},
                {"type": sorted(self._random.sample(kinds, 2)), "minLength": 1, "minimum": 0},
            )
        )

    def _string(self, _depth: int) -> Raw:
        made = self._typed("string")
        if self._chance(8):
            del made["type"]
        if self._chance():
            made["format"] = self._random.choice(list(_BY_FORMAT))
        elif self._chance():
            made["pattern"] = self._random.choice(list(_BY_PATTERN))
        elif self._chance(60):
            low = self._random.randrange(4)
            made |= {"minLength": low, "maxLength": low + self._random.randrange(4)}
        return made

    def _number(self, _depth: int) -> Raw:
        made = self._typed(self._random.choice(("integer", "number")))
        if self._chance(8):
            del made["type"]
        if self._chance(40):
            made["multipleOf"] = self._random.choice((1, 2, 5, 0.5, 0.01, 100))
        low = self._random.choice((-10, -1, -0.5, 0, 1, 1.5, 7))
        if self._chance(60):
            made[self._random.choice(("minimum", "exclusiveMinimum"))] = low
        if self._chance(40):
            high = low + self._random.choice((1, 3, 10, 1000))
            made[self._random.choice(("maximum", "exclusiveMaximum"))] = high
        return made

    def _values(self, _depth: int) -> Raw:
        if self._chance():
            return {"const": self._random.choice(_VALUES)}
        if self._chance():
            return {"type": "string", "enum": ["new", "used", "a b"]}
        return {"enum": self._random.sample(_VALUES, self._random.randrange(1, 5))}

    def _array(self, depth: int) -> Raw:
        made = self._typed("array")
        if self._chance(90):
            made["items"] = self._any(depth)
        if self._chance():
            made["minItems"] = self._random.randrange(3)
        if self._chance():
            made["maxItems"] = made.get("minItems", 0) + self._random.randrange(3)
        if self._chance():
            made["uniqueItems"] = True
        if self._chance(10):
            made["prefixItems"] = [self._any(depth) for _ in range(self._random.randrange(1, 3))]
        if self._chance(10):
            made["contains"] = self._scalar(depth)
            made["minContains"] = self._random.randrange(2)
        return made

    def _object(self, depth: int) -> Raw:
        made = self._typed("object")
        if self._untyped and self._chance(10):
            del made["type"]
        names = self._random.sample(_NAMES, self._random.randrange(1, 5))
        made["properties"] = {name: self._any(depth) for name in names}
        for marker, name in _ONE_WAY.items():
            if self._chance(15):
                names.append(name)
                made["properties"][name] = {"type": "string", marker: True}
        made["required"] = [name for name in names if self._chance(50)]
        if self._chance(10):
            made["required"].append("undeclared")
        if self._chance():
            made["additionalProperties"] = self._chance(30) or (
                False if self._chance(60) else self._any(depth)
            )
        if self._chance(10):
            made["unevaluatedProperties"] = False
        if self._chance(10):
            made["minProperties"] = 1
        if self._chance(10):
            made["patternProperties"] = {self._random.choice(("^[a-z]", "t$")): self._any(depth)}
        both_ways = [name for name in made["properties"] if name not in _ONE_WAY.values()]
        if self._chance(10):
            made["dependentRequired"] = {both_ways[0]: both_ways[-1:]}
        if self._chance(10):
            made["if"] = {"type": "object", "required": both_ways[:1]}
            made["then"] = {"minProperties": 2}
        if self._chance(10):
            made["not"] = {"type": "object", "required": both_ways[-2:]}
        return made

    def _choice(self, depth: int) -> Raw:
        branches = [self._any(depth) for _ in range(self._random.randrange(1, 4))]
        made: dict[str, Raw] = {self._random.choice(("oneOf", "anyOf")): branches}
        if self._chance(20):
            made |= self._object(depth) | {"type": "object"}
        return made

    def _all(self, depth: int) -> Raw:
        parts = [self._object(depth) for _ in range(2)]
        if self._chance():
            parts[0] = self._component(parts[0])
        return {"allOf": parts}

    def _component(self, made: Raw) -> Raw:
        name = f"Part{len(self._components)}"
        self._components[name] = made
        return {"$ref": f"#/components/schemas/{name}"}

    def _referred(self, depth: int) -> Raw:
        """A named object, new or one of before, in the ways in which documents refer to it."""
        names = [name for name in self._components if name.startswith("Named")]
        if names and self._chance(50):
            name = self._random.choice(names)
        else:
            made = self._object(depth)
            name = f"Named{len(self._components)}"
            self._components[name] = made
        reference = {"$ref": f"#/components/schemas/{name}"}
        ways: tuple[Raw, ...] = (
            reference,
            {**reference, "description": "said again"},
            {"allOf": [reference], "title": "only a name"},
            {"anyOf": [reference, {"type": "null"}]},
            {"oneOf": [{"type": "null"}, reference], "default": None},
            {"type": "array", "items": reference},
        )
        return self._random.choice(ways)

    def _tagged(self, depth: int) -> Raw:
        """oneOf with a discriminator; each branch fixes its tag."""
        branches, mapping = [], {}
        for number in range(self._random.randrange(1, 4)):
            branch = self._object(depth) | {"type": "object"}
            reference = self._component(branch)
            name = reference["$ref"].rsplit("/", 1)[-1]
            tag = name if self._chance() else f"tag{number}"
            tags = {"const": tag} if self._chance(80) else {"type": "string", "enum": [tag]}
            branch["properties"] |= {"kind": tags}
            branch["required"] = [*branch["required"], "kind"]
            branch.pop("additionalProperties", None)
            if tag != name:
                mapping[tag] = reference["$ref"]
            branches.append(branch if self._chance(10) else reference)
        if self._chance(15):
            branches.append({"type": self._random.choice(("null", "string"))})
        discriminator: Raw = {"propertyName": "kind"}
        if mapping:
            discriminator["mapping"] = mapping
        return {"oneOf": branches, "discriminator": discriminator}

    def _recursive(self, depth: int) -> Raw:
        reference = self._component({})
        node = self._object(depth) | {"type": "object"}
        node["properties"] |= {"next": reference, "tags": {"type": "array", "items": reference}}
        self._components[reference["$ref"].rsplit("/", 1)[-1]] |= node
        return reference


class Values:
    """Makes values for one schema; they are mostly valid and have to be checked."""

    def __init__(self, made: Made, random: Random, left_out: str) -> None:
        self._made = made
        self._random = random
        self._left_out = left_out

    def make(self) -> Raw:
        """One value for the root schema."""
        return self._value(self._made.schema, 4)

    def _value(self, raw: Raw, depth: int) -> Raw:
        if not isinstance(raw, Mapping):
            return self._random.choice(_VALUES)
        if "$ref" in raw:
            return self._value(self._made.components[raw["$ref"].rsplit("/", 1)[-1]], depth)
        if "const" in raw:
            return raw["const"]
        if "enum" in raw:
            return self._random.choice(raw["enum"])
        for keyword in ("oneOf", "anyOf"):
            if keyword in raw:
                return self._beside(raw, self._value(self._random.choice(raw[keyword]), depth))
        if "allOf" in raw:
            parts = [self._value(part, depth) for part in raw["allOf"]]
            return {k: v for part in parts if isinstance(part, dict) for k, v in part.items()}
        return self._typed(raw, depth)

    def _beside(self, raw: Raw, value: Raw) -> Raw:
        if "properties" not in raw or not isinstance(value, dict):
            return value
        return {**self._object(raw, 1), **value}

    def _typed(self, raw: Raw, depth: int) -> Raw:
        stated = raw.get("type", _implied(raw))
        kind = self._random.choice(stated) if isinstance(stated, list) else stated
        if kind == "string":
            return self._string(raw)
        if kind in ("integer", "number"):
            return self._number(raw, whole=kind == "integer")
        if kind == "boolean":
            return self._random.random() < 0.5
        if kind == "array":
            return self._array(raw, depth)
        if kind == "object":
            return self._object(raw, depth)
        return None if kind == "null" else self._random.choice(_VALUES)

    def _string(self, raw: Raw) -> str:
        if "format" in raw:
            return str(self._random.choice(_BY_FORMAT[raw["format"]]))
        if "pattern" in raw:
            return str(self._random.choice(_BY_PATTERN[raw["pattern"]]))
        low = raw.get("minLength", 0)
        size = self._random.randint(low, raw.get("maxLength", low + 3))
        return "".join(self._random.choice("ab Ж\n😀'\"") for _ in range(size))

    def _number(self, raw: Raw, *, whole: bool) -> int | float:
        low = raw.get("minimum", raw.get("exclusiveMinimum", -3))
        step = raw.get("multipleOf", 1)
        count = int(low // step) + self._random.randrange(5)
        value = round(count * step, 2)
        if not whole and "multipleOf" not in raw and self._random.random() < 0.5:
            value = low + 0.25
        return int(value) if whole and float(value).is_integer() else value

    def _array(self, raw: Raw, depth: int) -> list[Raw]:
        low = raw.get("minItems", 0)
        count = self._random.randint(low, min(raw.get("maxItems", low + 2), low + 2))
        if depth <= 0:
            count = low
        return [self._value(raw.get("items", True), depth - 1) for _ in range(count)]

    def _object(self, raw: Raw, depth: int) -> dict[str, Raw]:
        made: dict[str, Raw] = {}
        required = raw.get("required", [])
        for name, schema in raw.get("properties", {}).items():
            if isinstance(schema, dict) and schema.get(self._left_out):
                continue
            if name in required or (depth > 0 and self._random.random() < 0.6):
                made[name] = self._value(schema, depth - 1)
        additional = raw.get("additionalProperties", True)
        if "undeclared" in required or (additional is not False and self._random.random() < 0.3):
            made["undeclared"] = self._value(additional, depth - 1)
        return made


def _implied(raw: Raw) -> str:
    return "object" if "properties" in raw else "any"
