"""The Jinja2 environment for test templates; loaded when first used.

Templates only frame files (headers, imports, fixtures); the bodies of tests are built in code.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """The template `name` below `pe4king_templates/tests`, such as `pytest/conftest.py.jinja`."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pe4king_templates", "tests"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - source code, not HTML; values are quoted by the renderers
    )
    return environment.get_template(name)
