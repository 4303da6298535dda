"""The keys of `paths`: templates, queries written into them, paths that collide."""

from __future__ import annotations

import re
from collections import Counter

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place, escape, key_text

TEMPLATE = re.compile(r"\{([^{}/]+)\}")
"""A template of a path; there may be several in one segment."""


def route_of(path: str) -> str:
    """`path` without the query or fragment that some documents write into it."""
    return path.partition("#")[0].partition("?")[0]


def report_paths(reading: Reading, paths: Place) -> None:
    """Reports keys of `paths` that are no sound paths; their items are not looked at."""
    seen: dict[str, str] = {}
    for key in paths.value if isinstance(paths.value, dict) else ():
        path = key_text(key)
        if path.startswith("x-"):
            continue
        place = Place(paths.source, f"{paths.pointer}/{escape(path)}", None)
        _report_form(reading, path, place)
        shape = TEMPLATE.sub("{}", path)
        if "{" in path and shape in seen:
            reading.warn(
                "doc-path-ambiguous",
                place,
                f"`{path}` is the same path as `{seen[shape]}`: only the names of their "
                "parameters differ.",
                f"`{path}` — тот же путь, что и `{seen[shape]}`: различаются только имена "
                "параметров.",
            )
        seen.setdefault(shape, path)


def _report_form(reading: Reading, path: str, place: Place) -> None:
    if not path.startswith("/"):
        reading.warn(
            "doc-path-slash",
            place,
            f"The path `{path}` must start with `/`; it is read as `/{path}`.",
            f"Путь `{path}` должен начинаться с `/`; читаем его как `/{path}`.",
            Severity.ERROR,
        )
    if route_of(path) != path:
        reading.warn(
            "doc-path-query",
            place,
            f"The path `{path}` holds a query or fragment; describe it by query parameters.",
            f"В пути `{path}` есть строка запроса или фрагмент; опишите их параметрами query.",
        )
    if "{" not in path and "}" not in path:
        return
    names = TEMPLATE.findall(path)
    rest = TEMPLATE.sub("", path)
    if "{" in rest or "}" in rest:
        reading.warn(
            "doc-path-template",
            place,
            f"The braces of `{path}` do not make path parameters such as `{{id}}`.",
            f"Фигурные скобки в `{path}` не образуют параметров пути вроде `{{id}}`.",
        )
    for name in [name for name, count in Counter(names).items() if count > 1]:
        reading.warn(
            "doc-path-template-repeated",
            place,
            f"The path `{path}` has `{{{name}}}` more than once; both get the same value.",
            f"В пути `{path}` несколько раз встречается `{{{name}}}`; значение будет одно.",
        )
