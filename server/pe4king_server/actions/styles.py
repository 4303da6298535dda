"""In which format, style and folder tests are written: settings first, then what is there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pe4king_core.model.case import OwnTests, TestStyle
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.format import Format
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import folder_of, is_below, join_uri
from pe4king_server.own_tests.model import NOTHING, Recognised
from pe4king_server.settings import AUTO, DEFAULT_OUTPUT, SettingsError

_JAVA_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
PACKAGE = "api"


@dataclass(frozen=True, slots=True)
class Place:
    """Where tests go and how they look there. `folder` is a URI."""

    format: Format
    style: TestStyle
    folder: str
    recognised: Recognised = NOTHING

    def path(self, rendered: str) -> str:
        """The URI of a file that the format would write to `rendered`."""
        root = self.recognised.source_root
        if root and rendered.startswith(f"{_MAVEN}/"):
            rendered = f"{root}{rendered.removeprefix(_MAVEN)}"
        return join_uri(self.folder, rendered)


_MAVEN = "src/test/java"


def chosen_format(context: ActionContext, folder: str = "") -> Format:
    """The configured format; `auto` is Java where Maven or Gradle builds `folder`, or else the
    workspace.

    Raises SettingsError for a name that no format has.
    """
    known = formats()
    name = context.settings.format
    if name == AUTO:
        roots = context.files.roots
        begun = folder and context.files.exists(join_uri(folder, "conftest.py"))
        java = _is_built(folder, context) or (
            not begun and any(_is_built(root, context) for root in roots)
        )
        name = "junit-restassured" if java else "pytest"
    if name not in known:
        raise SettingsError(
            Message(f"There is no format {name}.", f"Формата {name} нет."),
            next_step=Message(
                f"Use one of: {', '.join(known)}.", f"Допустимо: {', '.join(known)}."
            ),
        )
    return known[name]


def _is_built(folder: str, context: ActionContext) -> bool:
    """Whether `folder` (empty: none) is a Java project."""
    return bool(folder) and any(
        context.files.exists(join_uri(folder, build)) for build in _JAVA_BUILDS
    )


def style_of(context: ActionContext) -> TestStyle:
    """The style that the settings ask for; the package may be empty."""
    settings = context.settings
    return TestStyle(
        settings.client, settings.classes, package=settings.package, allure=settings.allure
    )


def place_of(
    document: ApiDocument, context: ActionContext, recognised: Recognised, folder: str = ""
) -> Place:
    """Where tests for `document` go: the chosen folder, else beside the user's own, else ours.

    Ours is `folder`, or `api-tests` in the workspace.
    """
    style = recognised.style(style_of(context))
    style = replace(style, package=style.package or PACKAGE)
    chosen = chosen_folder(document, context) or used_folder(document, context, folder)
    ours = _ours(document, context, folder)
    format = chosen_format(context, chosen)
    return Place(format, style, chosen or recognised.folder or ours, recognised)


def used_folder(document: ApiDocument, context: ActionContext, folder: str) -> str:
    """Our own folder, where it is there already: what was begun in it goes on in it."""
    ours = _ours(document, context, folder)
    return ours if context.files.exists(ours) else ""


def _ours(document: ApiDocument, context: ActionContext, folder: str) -> str:
    return folder or join_uri(_base(document, context), DEFAULT_OUTPUT)


def settled(place: Place, context: ActionContext) -> Place:
    """`place`, where support files that are there already do as it asks for.

    Ours of an earlier time may know nothing of the user's variables: then we go on without.
    """
    variables = place.recognised.variables
    package = place.style.package.replace(".", "/")
    for path in ("conftest.py", f"{_MAVEN}/{package}/BaseApiTest.java"):
        text = context.files.read(place.path(path))
        if text is not None and variables is not None and variables.address not in text:
            recognised = replace(
                place.recognised, own=OwnTests(), variables=None, told=place.recognised.told[:0]
            )
            return replace(
                place, style=replace(place.style, own=recognised.own), recognised=recognised
            )
    return place


def chosen_folder(document: ApiDocument, context: ActionContext) -> str:
    """The URI of the folder that the user chose for generated tests; "" where none was."""
    output = context.settings.output
    if not output:
        return ""
    if output.startswith("file:"):
        return output.rstrip("/")
    return join_uri(_base(document, context), output.strip("/"))


def _base(document: ApiDocument, context: ActionContext) -> str:
    """The workspace of the document, else the document's own folder."""
    roots = [root for root in context.files.roots if is_below(document.uri, root)]
    return roots[0] if roots else next(iter(context.files.roots), folder_of(document.uri))


def in_language_of(uri: str, context: ActionContext) -> ActionContext:
    """`context` where the format that nobody chose is that of the test file `uri`."""
    from pe4king_core.testcode import language_of

    if context.settings.format != AUTO or language_of(uri) is None:
        return context
    java = language_of(uri) is SourceLanguage.JAVA
    chosen = "junit-restassured" if java else "pytest"
    return replace(context, settings=replace(context.settings, format=chosen))
