"""Java libraries that tests of an API are written with."""

from __future__ import annotations

import re
from typing import NamedTuple

_OF_TESTS = re.compile(
    r"rest-assured(?:-.+)?|json-schema-validator|json-path|xml-path|junit(?:-.+)?|testng(?:-.+)?"
    r"|assertj(?:-.+)?|hamcrest(?:-.+)?|java-hamcrest|allure-.+|jackson-databind|gson"
    r"|spring-boot-starter-test|spring-mock-mvc|awaitility|wiremock(?:-.+)?|truth|mockito-.+"
)
_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*")


class Coordinates(NamedTuple):
    """What a library is called."""

    group: str
    name: str


def is_of_tests(name: str) -> bool:
    """Whether tests are written with the library `name`."""
    return _OF_TESTS.fullmatch(name) is not None


def is_plain(*names: str) -> bool:
    """Whether all of `names` can stand in a path without leading anywhere else."""
    return all(_NAME.fullmatch(name) and ".." not in name for name in names)
