"""Servers of a document, a path item, an operation or a link, with their variables."""

from __future__ import annotations

import re

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Server, ServerVariable
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place, Raw, key_text, text_of

_VARIABLE = re.compile(r"\{([^{}]+)\}")


def servers_of(reading: Reading, holder: Place) -> tuple[Server, ...]:
    """`servers` of `holder`, variables replaced; relative URLs are kept."""
    stated = holder.get("servers")
    found: list[Server] = []
    for place in stated.elements() if stated else ():
        target = reading.mapping(place, "A server")
        server = server_of(reading, target) if target is not None else None
        found += [server] if server is not None else []
    return tuple(found)


def server_of(reading: Reading, place: Place) -> Server | None:
    """The server at `place`; None, with a finding, where it has no `url`."""
    raw = place.value if isinstance(place.value, dict) else {}
    url = text_of(raw.get("url"))
    if not url:
        reading.report.add(
            "doc-server-url",
            place,
            Message(
                "This server has no `url` and is left out.",
                "У сервера нет `url`, он пропущен.",
            ),
        )
        return None
    names = list(dict.fromkeys(_VARIABLE.findall(url)))
    stated = reading.mapping(place.get("variables"), "`variables`")
    members = dict(stated.members()) if stated else {}
    variables = [_variable(reading, name, place, members.get(name)) for name in names]
    for name in members:
        if name not in names and not name.startswith("x-"):
            _unused(reading, name, members[name])
    values = {variable.name: variable.default for variable in variables if variable}
    return Server(
        url=_VARIABLE.sub(lambda match: values.get(match[1], match[0]), url),
        description=text_of(raw.get("description")),
        variables=tuple(variable for variable in variables if variable),
        template=url,
        name=text_of(raw.get("name")),
        pointer=place.pointer,
    )


def _variable(
    reading: Reading, name: str, server: Place, member: Place | None
) -> ServerVariable | None:
    """A variable of the URL; None where neither default nor enum gives a value."""
    place = reading.mapping(member, f"`{name}`") if member is not None else None
    raw = place.value if place is not None and isinstance(place.value, dict) else {}
    listed = place.get("enum") if place is not None else None
    allowed = tuple(_scalar(each.value) for each in listed.elements()) if listed else ()
    default = raw.get("default")
    if default is None or isinstance(default, dict | list):
        reading.report.add(
            "doc-server-variable",
            server,
            Message(
                f"The server variable `{name}` has no default value.",
                f"У переменной сервера `{name}` нет значения по умолчанию.",
            ),
        )
        default = allowed[0] if allowed else None
    elif listed is not None and place is not None and _scalar(default) not in allowed:
        reading.warn(
            "doc-server-variable-default",
            place,
            f"The default `{_scalar(default)}` of the server variable `{name}` is not in its "
            "`enum`.",
            f"Значения по умолчанию `{_scalar(default)}` переменной сервера `{name}` нет в её "
            "`enum`.",
        )
    if default is None:
        return None
    return ServerVariable(
        name=name,
        default=_scalar(default),
        enum=tuple(value for value in allowed if value),
        description=text_of(raw.get("description")),
        pointer=place.pointer if place is not None else server.pointer,
    )


def _scalar(value: Raw) -> str:
    return "" if isinstance(value, dict | list) else key_text(value)


def _unused(reading: Reading, name: str, place: Place) -> None:
    reading.warn(
        "doc-server-variable-unused",
        place,
        f"The URL of the server does not use its variable `{name}`.",
        f"В URL сервера не используется его переменная `{name}`.",
        Severity.INFORMATION,
    )
