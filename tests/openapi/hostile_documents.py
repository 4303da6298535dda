"""Documents that mean harm; `hostile_loading.py` loads them."""

from __future__ import annotations

from collections.abc import Callable

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
SOUND = "  /sound: {get: {responses: {200: {description: ok}}}}\n"
PATHS = f"{HEAD}paths:\n{SOUND}"
Make = Callable[[int], str]


def schemas(text: str) -> str:
    """A document with the flow mapping `text` as schemas, all of them used."""
    return (
        f"{HEAD}paths:\n  /x: {{get: {{responses: {{200: {{description: ok, content: "
        "{application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}\n"
        f"components: {{schemas: {text}}}\n"
    )


def schema(text: str) -> str:
    """A document with one schema."""
    return schemas(f"{{A: {text}}}")


def schemas_in_json(text: str) -> str:
    """A document in JSON with one schema."""
    content = f'{{"content": {{"application/json": {{"schema": {text}}}}}, "description": ""}}'
    paths = f'{{"/x": {{"get": {{"responses": {{"200": {content}}}}}}}}}'
    return JSON.replace('"paths": {}', f'"paths": {paths}') + '"x-a": 1}'


def nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def laughs(levels: int, width: int, key: str = "") -> str:
    lines = [f"x-a0: &a0 {key or '[x]'}"]
    for level in range(1, levels):
        lines.append(f"x-a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]")
    return PATHS + "\n".join(lines) + "\n"


def merges(levels: int, width: int) -> str:
    wide = ", ".join(f"k{number}: 1" for number in range(width))
    lines = [f"x-a0: &a0 {{{wide}}}"]
    for level in range(1, levels):
        lines.append(f"x-a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 10)}]}}")
    return PATHS + "\n".join(lines) + "\n"


def fan_out(count: int) -> str:
    names = [f"S{number}" for number in range(count)]
    every = ",".join(f"{{$ref: '#/components/schemas/{name}'}}" for name in names)
    rest = ", ".join(f"{name}: {{allOf: [{every}]}}" for name in names)
    return schemas(f"{{A: {{allOf: [{every}]}}, {rest}}}")


def long_values(value: str) -> str:
    formats = ("email", "uri", "hostname", "byte", "uuid", "ipv6", "date-time")
    every = ", ".join(f"{{type: string, format: {f}, example: '{value}'}}" for f in formats)
    return schema(f"{{allOf: [{every}]}}")


def chain(count: int) -> str:
    links = ", ".join(f"N{n}: {{$ref: '#/components/schemas/N{n + 1}'}}" for n in range(count))
    return schemas(f"{{A: {{$ref: '#/components/schemas/N0'}}, {links}}}")


def operation(yaml: str) -> str:
    return f"{PATHS}  /x:\n    get: {{responses: {{200: {{description: ok}}}}, {yaml}}}\n"


def operations(count: int) -> str:
    return PATHS + "".join(
        f"  /p{n}: {{get: {{operationId: same, responses: {{200: {{description: ok}}}}}}}}\n"
        for n in range(count)
    )


FOREIGN = (
    *("{$ref: 'file:///etc/passwd'}", "{$ref: '/etc/passwd'}", "{$ref: '../../../../etc/passwd'}"),
    *("{$ref: 'http://127.0.0.1:1/a'}", "{$ref: '//a/b'}", "{$ref: 'c:\\a'}", '{$ref: "\\0"}'),
)
A_AGAIN = ', "a": 1'
REF = "{$ref: '#/components/schemas/A'}"
JSON = '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, '

# `n` is a million at full scale.
DOCUMENTS: dict[str, Make] = {
    "laughs": lambda n: laughs(12, 20),
    "laughs of a key": lambda n: laughs(12, 20, "{? [x, x] : y}"),
    "quadratic aliases": lambda n: (
        f"{PATHS}x-a: &a [{'x,' * (n // 50)}]\nx-b: [{'*a,' * (n // 50)}]\n"
    ),
    "aliases as keys": lambda n: (
        f"{PATHS}x-a: &a [{'x,' * n}]\nx-b:\n" + "  ? *a\n  : 1\n" * (n // 100)
    ),
    "merges": lambda n: merges(9, 100),
    "alias of itself": lambda n: f"{PATHS}x-a: &a [*a]\n",
    "alias of what holds it": lambda n: f"{PATHS}x-a: &a {{b: {{c: *a}}}}\n",
    "anchors": lambda n: PATHS + "".join(f"x-{i}: &a{i} 1\n" for i in range(n // 10)),
    "brackets": lambda n: "[" * n,
    "braces": lambda n: "{" * n,
    "brackets in YAML": lambda n: f"{PATHS}x-a: {'[' * n}",
    "brackets over lines": lambda n: PATHS + "x-a:\n" + "  [\n" * n,
    "dashes": lambda n: PATHS + "x-a:\n  " + "- " * n,
    "question marks": lambda n: PATHS + "x-a:\n  " + "? " * n,
    "indents": lambda n: (
        PATHS + "x-a:\n" + "\n".join(" " * i + "a:" for i in range(1, min(n, 3000)))
    ),
    "brackets in JSON": lambda n: f'{JSON}"a": {"[" * n}',
    "closed brackets in JSON": lambda n: f'{JSON}"a": {nested("[", "", "]", n)}}}',
    "objects in JSON": lambda n: '{"a":' * n,
    "nested just so in JSON": lambda n: f'{JSON}"a": {nested("[", "", "]", 900)}}}',
    "nested just so in YAML": lambda n: f"{PATHS}x-a: {nested('[', '', ']', 250)}\n",
    "nested schemas": lambda n: schemas_in_json(nested('{"properties": {"a": ', "{}", "}}", 400)),
    "nested allOf": lambda n: schemas("{A: " + nested("{allOf: [", "{}", "]}", 110) + "}"),
    "plain scalar": lambda n: f"{PATHS}x-a: {'a ' * (25 * n)}\n",
    "quoted scalar": lambda n: f'{PATHS}x-a: "{"a" * (50 * n)}"\n',
    "literal scalar": lambda n: f"{PATHS}x-a: |\n" + "  a\n" * (12 * n),
    "string in JSON": lambda n: f'{JSON}"a": "{"a" * (50 * n)}"}}',
    "long title": lambda n: (
        f"openapi: 3.1.0\ninfo: {{title: {'T' * n}, version: {'1.' * n}}}\npaths:\n{SOUND}"
    ),
    "long key": lambda n: f"{PATHS}{'a' * n}: 1\n",
    "long quoted key": lambda n: f'{PATHS}"{"a" * n}": 1\n',
    "long path": lambda n: (
        f"{PATHS}  /{'a' * n}: {{get: {{responses: {{200: {{description: ok}}}}}}}}\n"
    ),
    "long path of parameters": lambda n: (
        f"{PATHS}  '/{'{a}' * n}': {{get: {{responses: {{200: {{description: ok}}}}}}}}\n"
    ),
    "long path of braces": lambda n: (
        f"{PATHS}  '/{'{' * n}': {{get: {{responses: {{200: {{description: ok}}}}}}}}\n"
    ),
    "long reference": lambda n: schema("{$ref: '#%s'}" % ("/a" * n)),
    "long reference of percents": lambda n: schema("{$ref: '#/%s'}" % ("%" * n)),
    "long status": lambda n: operation(f"x: 1, callbacks: {{a: {{'{'{$' * n}': {{}}}}}}"),
    "long server": lambda n: (
        f"{PATHS}servers: [{{url: '{'{' * n}'}}, {{url: 'http://{'{a}' * (n // 10)}'}}]\n"
    ),
    "long pattern": lambda n: schema("{type: string, pattern: '%s'}" % ("(a*)*" * (n // 10))),
    "catastrophic pattern": lambda n: schema(
        "{type: string, pattern: '^(a+)+$', example: '%s'}" % ("a" * 5000 + "b")
    ),
    "long values of formats": lambda n: long_values("a@a." * n),
    "unclosed quote with escapes": lambda n: f'{PATHS}x-a: "{chr(92) * (2 * n)}',
    "unclosed quoted key": lambda n: PATHS + '"' + '\\"' * n,
    "unclosed single quote": lambda n: PATHS + "'" + "''" * n,
    "unclosed quote in JSON": lambda n: JSON + '"' + '\\"' * n,
    "quotes": lambda n: PATHS + '"' * n,
    "quotes in lines": lambda n: PATHS + '"\n' * n,
    "references that never end": lambda n: PATHS + "x-a: {" + '$ref: "\\' * n,
    "spaces": lambda n: PATHS + "x-a" + " " * n,
    "words": lambda n: PATHS + "a " * n,
    "words in lines": lambda n: PATHS + "a\n" * n,
    "anchors on a key": lambda n: PATHS + "&a " * n + "b: 1",
    "tags": lambda n: PATHS + "!" * n + " b: 1",
    "tags on a key": lambda n: PATHS + "!a " * n + "b: 1",
    "comments": lambda n: "#\n" * n + PATHS,
    "comment": lambda n: "#" * n + "\n" + PATHS,
    "empty lines": lambda n: "\n" * n + PATHS + "\n" * n,
    "blank lines": lambda n: " \n" * n + PATHS + " \t\n" * n,
    "empty lines in JSON": lambda n: "{" + "\n" * n + JSON[1:] + "\n" * n,
    "directives": lambda n: "%A\n" * n + PATHS,
    "documents": lambda n: PATHS + "---\na: 1\n" * n,
    "documents before": lambda n: "---\n" * n + PATHS,
    "colons": lambda n: PATHS + ": " * n,
    "keys without values": lambda n: PATHS + "".join(f"k{i}:\n" for i in range(n // 10)),
    "commas": lambda n: f"{PATHS}x-a: [{',' * n}]",
    "carriage returns": lambda n: PATHS.replace("\n", "\r") + "a: 1\r" * n,
    "mixed line ends": lambda n: PATHS + "\r\n\r\n\n" * n,
    "line separators": lambda n: PATHS + "x-a: " + "\u2028\x85" * n + "\n",
    "control characters": lambda n: PATHS + "x-a: " + "\0" * n + "\n",
    "control characters in JSON": lambda n: f'{JSON}"a": "{chr(0) * n}"}}',
    "surrogates": lambda n: PATHS + "x-a: " + "\ud800" * n + "\n",
    "escaped surrogates": lambda n: (
        f'{JSON}"a": "{chr(92)}ud800", "{chr(92)}udc00": "{(chr(92) + "ud83d") * n}"}}'
    ),
    "escaped surrogates in YAML": lambda n: f'{PATHS}x-a: "{(chr(92) + "ud83d") * n}"\n',
    "surrogate in a path": lambda n: (
        JSON.replace("{}", '{"/\\ud800": {"get": {"operationId": "\\ud800", "responses": {}}}}')
        + '"a": 1}'
    ),
    "tabs": lambda n: PATHS + "\t" * n + "a: 1\n",
    "tabs in lines": lambda n: PATHS + "\ta: 1\n" * n,
    "marks": lambda n: "\ufeff" * n + PATHS,
    "wide text": lambda n: "\0".join(PATHS),
    "long number": lambda n: f"{PATHS}x-a: {'9' * n}\n",
    "long hexadecimal number": lambda n: f"{PATHS}x-a: 0x{'f' * n}\n",
    "long fraction": lambda n: f"{PATHS}x-a: {'9' * n}.0\nx-b: 1e{'9' * n}\n",
    "long number in JSON": lambda n: f'{JSON}"a": {"9" * n}}}',
    "long fraction in JSON": lambda n: f'{JSON}"a": {"9" * n}.0}}',
    "odd numbers": lambda n: schema(
        "{type: number, minimum: .nan, maximum: .inf, multipleOf: 0, minLength: -1, "
        "maxItems: 1e400, example: .nan, enum: [.nan, .inf]}"
    ),
    "infinity in JSON": lambda n: f'{JSON}"a": [NaN, Infinity, -Infinity, 1e400]}}',
    "odd keys": lambda n: (
        PATHS + "  ~: {get: {}}\n  .nan: {get: {}}\n  true: 1\n  1.5: 2\n  ? [a]\n  : 1\n"
    ),
    "odd values": lambda n: (
        HEAD + "paths: [1]\ncomponents: 5\nservers: {a: 1}\nsecurity: x\ntags: ~\n"
    ),
    "duplicate keys": lambda n: PATHS + "a: 1\n" * n,
    "duplicate keys in JSON": lambda n: f'{JSON}"a": {{"b": 1, "b": 1}}{A_AGAIN * n}}}',
    "duplicate paths": lambda n: PATHS + SOUND * (n // 50),
    "many operations": lambda n: operations(n // 50),
    "many parameters": lambda n: operation(
        "parameters: [" + "".join(f"{{name: p{i}, in: query}}, " for i in range(n // 100)) + "]"
    ),
    "many equal parameters": lambda n: operation(
        "parameters: [%s]" % ("{name: p, in: query}, " * (n // 50))
    ),
    "many enum values": lambda n: schema(f"{{enum: {list(range(n // 20))}}}"),
    "many required": lambda n: schema("{required: [%s]}" % ("a, " * (n // 5))),
    "many broken references": lambda n: schema("{allOf: [%s]}" % ("{$ref: '#/no'}, " * (n // 50))),
    "fan-out": lambda n: fan_out(n // 1000),
    "chain of references": lambda n: chain(n // 50),
    "reference to itself": lambda n: schema("{$ref: '#/components/schemas/A'}"),
    "references in a circle": lambda n: schemas(
        "{A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}"
    ),
    "allOf of itself": lambda n: schema(f"{{allOf: [{REF}, {{anyOf: [{REF}, {{not: {REF}}}]}}]}}"),
    "reference through itself": lambda n: schemas(
        "{A: {$ref: '#/components/schemas/A/properties/a/properties/a'}}"
    ),
    "reference to everything": lambda n: schemas(
        "{A: {properties: {a: {$ref: '#'}, b: {$ref: '#/'}, c: {$ref: ''}, d: {$ref: '#/paths'}}}}"
    ),
    "path of itself": lambda n: (
        f"{PATHS}  /x: {{$ref: '#/paths/~1y'}}\n  /y: {{$ref: '#/paths/~1x'}}\n"
    ),
    "files of the system": lambda n: schema(f"{{allOf: [{', '.join(FOREIGN)}]}}"),
    "twin discriminators": lambda n: schema(
        "{discriminator: {propertyName: t, mapping: "
        f"{{a: A, b: '#/components/schemas/A', c: 'http://['}}}}, oneOf: [{REF}]}}"
    ),
}
