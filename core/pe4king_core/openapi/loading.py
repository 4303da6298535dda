"""`load`: the text of an OpenAPI document to an `ApiDocument`."""

from __future__ import annotations

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi.access import SecurityReader, servers_of
from pe4king_core.openapi.content import ContentReader, Reading
from pe4king_core.openapi.dangling import report_references
from pe4king_core.openapi.operations import OperationReader, PartReaders
from pe4king_core.openapi.parameters import ParameterReader
from pe4king_core.openapi.positions import Finder, OperationIndex, index_of
from pe4king_core.openapi.raw import Place, Source, text_of
from pe4king_core.openapi.reading import UnreadableError, collector_paused, line_span, read
from pe4king_core.openapi.references import FileReader, References
from pe4king_core.openapi.report import Report
from pe4king_core.openapi.schemas import SchemaViews
from pe4king_core.openapi.swagger import swagger_readers, swagger_servers

_VERSIONS = Message(
    "Open a document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0, or convert this one.",
    "Откройте документ OpenAPI 3.0, 3.1, 3.2 или Swagger 2.0 либо преобразуйте этот.",
)


def load(text: str, uri: str, files: FileReader | None = None) -> ApiDocument:
    """Reads a document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0, JSON or YAML.

    Broken parts become findings and what is sound stays usable. Raises DocumentError where the
    text is no OpenAPI document at all. `files` gives access to other files of the workspace.
    """
    with collector_paused():
        source = Source(uri, read(text))
        specification = _specification(text, source)
        return _document(source, specification, index_of(text), files)


def _document(
    source: Source, specification: str, index: OperationIndex, files: FileReader | None
) -> ApiDocument:
    root = Place(source, "", source.data)
    report = Report(Finder(index))
    references = References(source, files)
    views = SchemaViews(references, siblings=not specification.startswith(("2", "3.0")))
    reading = Reading(references, views, report, specification)
    if specification.startswith("2"):
        servers, parts = swagger_servers(root), swagger_readers(reading, root)
    else:
        servers, parts = servers_of(reading, root), _readers(reading, root)
    operations = tuple(OperationReader(reading, index, parts, servers).read(root))
    report_references(reading, index, root)
    info = root.get("info")
    about = info.value if info is not None and isinstance(info.value, dict) else {}
    return ApiDocument(
        uri=source.uri,
        title=text_of(about.get("title")),
        version=text_of(about.get("version")),
        specification=specification,
        operations=operations,
        servers=servers,
        findings=report.findings,
    )


def _readers(reading: Reading, root: Place) -> PartReaders:
    content = ContentReader(reading)
    components = root.get("components")
    schemes = components.get("securitySchemes") if components else None
    return PartReaders(ParameterReader(reading, content), content, SecurityReader(reading, schemes))


def _specification(text: str, source: Source) -> str:
    """The OpenAPI version. Raises DocumentError where it is none that we read."""
    data = source.data
    if not isinstance(data, dict):
        raise _refused(
            text,
            "",
            "document-not-a-mapping",
            "this is not an OpenAPI document: its top level is not a mapping",
            "это не документ OpenAPI: на верхнем уровне нет объекта с ключами",
        )
    key = next((name for name in ("openapi", "swagger") if name in data), None)
    if key is None:
        raise _refused(
            text,
            "",
            "document-not-openapi",
            "there is no `openapi` key at the top level, so this is not an OpenAPI document",
            "на верхнем уровне нет ключа `openapi`, поэтому это не документ OpenAPI",
        )
    version = text_of(data[key])
    if not version.startswith("3" if key == "openapi" else "2"):
        raise _refused(
            text,
            key,
            "document-version",
            f"`{key}: {version}` is not a version that is read",
            f"версия `{key}: {version}` не поддерживается",
        )
    return version


def _refused(text: str, key: str, code: str, en: str, ru: str) -> DocumentError:
    section = index_of(text).sections.get(key)
    line = text.count("\n", 0, section.span.start) + 1 if section else 1
    return UnreadableError(
        Message(f"Line {line}: {en}.", f"Строка {line}: {ru}."),
        code=code,
        span=line_span(text, line),
        next_step=_VERSIONS,
    )
