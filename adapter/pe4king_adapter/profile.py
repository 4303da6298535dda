"""What is known about a type of provider before it is asked: data, with nothing to import.

A provider's module has its `PROFILE`; `registry.profile_of` finds it by the type's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.problems import Problem
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message

SERVER_NOT_STARTED = Message(
    "Start the model server, or correct the endpoint in the settings.",
    "Запустите сервер модели или исправьте адрес в настройках.",
)


def brand(name: str) -> Message:
    """A proper name, which is the same in every language."""
    return Message(name, name)


@dataclass(frozen=True, slots=True)
class Option:
    """A setting that only this type of provider has.

    `default` also gives the kind of its value: text, number, yes/no or an object. `choices` are
    the texts it may have, all where empty. `route`: it decides where the key travels, so a
    workspace may not set it for the user's key.
    """

    name: str
    about: Message
    default: Json = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    route: bool = False


EXTRA_BODY = Option(
    "extra_body",
    Message("Fields to add to every request.", "Поля, которые добавляются в каждый запрос."),
    default={},
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A type of provider; `endpoint` and `model` are the defaults, "" where one must be given.

    `local`: it runs on the user's machines. `root` is the path of an endpoint that was given
    without one; `mount` is a path that every endpoint ends with, added where it does not.
    `absent` names parameters that the provider does not have (as `Ask.without` does); `extra` are
    fields of every request. `lists_every_model`: a model that is not listed does not exist there.
    `whole_address`: the endpoint is the very address that is asked, not a base.
    """

    type: str
    title: Message
    endpoint: str = ""
    model: str = ""
    needs_key: bool = True
    local: bool = False
    options: tuple[Option, ...] = ()
    root: str = ""
    mount: str = ""
    absent: frozenset[str] = frozenset()
    extra: Mapping[str, Json] = field(default_factory=dict)
    lists_every_model: bool = False
    whole_address: bool = False
    advice: Mapping[Problem, Message] = field(default_factory=dict)

    def base(self, endpoint: Endpoint) -> str:
        """The address below which the protocol's paths lie."""
        path = endpoint.path or self.root
        if not path.endswith(self.mount):
            path += self.mount
        return endpoint.origin + path

    def text_option(self, options: Mapping[str, Json], name: str) -> str:
        """The text that `options` give for the option `name`, or its default."""
        default = next((o.default for o in self.options if o.name == name), "")
        value = options.get(name, default)
        return value if isinstance(value, str) else ""

    def number_option(self, options: Mapping[str, Json], name: str) -> int:
        """The whole number that `options` give for the option `name`, or its default."""
        default = next((o.default for o in self.options if o.name == name), 0)
        value = options.get(name, default)
        return int(value) if isinstance(value, int | float) else 0
