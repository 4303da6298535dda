"""The text of an OpenAPI document to an `ApiDocument`, which reads its parts when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pe4king_core.errors import DocumentError
from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.lazy import LazySequence
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, LazyOperations, Operation
from pe4king_core.openapi.checks.checking import Checker
from pe4king_core.openapi.entries import operations_of
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.layout.positions import Finder
from pe4king_core.openapi.parsing.reading import UnreadableError, collector_paused, line_span
from pe4king_core.openapi.parsing.text_findings import text_findings
from pe4king_core.openapi.parts.about import tags_of
from pe4king_core.openapi.parts.access import SecurityReader, servers_of
from pe4king_core.openapi.parts.content import ContentReader, Reading
from pe4king_core.openapi.parts.operations import OperationFindings, OperationReader, PartReaders
from pe4king_core.openapi.parts.parameters import ParameterReader
from pe4king_core.openapi.parts.swagger import swagger_readers, swagger_servers
from pe4king_core.openapi.raw import Place, Source, text_of
from pe4king_core.openapi.refs.references import FileReader, References
from pe4king_core.openapi.schema.schemas import SchemaViews
from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.openapi.units.unit import UnitReader

_DOUBTFUL = frozenset({"doc-ref-unresolved", "doc-ref-broken"})
_MANY_DOUBTFUL = 20
"""So many references lead nowhere only where what they name could not be read."""

_CORRECT = Message("Correct this line, then try again.", "Исправьте эту строку и повторите.")
_VERSIONS = Message(
    "Open a document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0, or convert this one.",
    "Откройте документ OpenAPI 3.0, 3.1, 3.2 или Swagger 2.0 либо преобразуйте этот.",
)


def load(text: str, uri: str, files: FileReader | None = None) -> ApiDocument:
    """Reads a document of OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0, JSON or YAML.

    Broken parts become findings and what is sound stays usable. Raises DocumentError where the
    text is no OpenAPI document at all. `files` gives access to other files of the workspace.
    """
    return load_text(DocumentText.read(text), uri, files)


def load_text(
    text: DocumentText,
    uri: str,
    files: FileReader | None = None,
    reader: UnitReader | None = None,
) -> ApiDocument:
    """The document of a text that is read already. Raises DocumentError as `load` does.

    `reader` reads the other files. Operations and findings are made when somebody asks for them.
    """
    with collector_paused():
        source = Source(uri, text.data, has_anchors=text.has_anchors)
        specification = _specification(text, source)
        return _Loader(text, source, specification, files, reader).document()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What makes up a document."""

    operations: LazyOperations
    webhooks: LazyOperations

    def all(self) -> Iterator[Operation]:
        """Every operation."""
        yield from self.operations
        yield from self.webhooks


class _Loader:
    """Puts one document together."""

    def __init__(
        self,
        text: DocumentText,
        source: Source,
        specification: str,
        files: FileReader | None,
        reader: UnitReader | None,
    ) -> None:
        self._text = text
        self._source = source
        self._root = Place(source, "", source.data)
        self._report = Report(Finder(text.positions))
        references = References(source, files, reader)
        views = SchemaViews(references, siblings=not specification.startswith(("2", "3.0")))
        self._reading = Reading(references, views, self._report, specification)
        self._checker = Checker(self._reading, broken=text.faults_by_unit)
        self._reading.reachable = lambda place, near: self._checker.reachable(place, near=near)

    def document(self) -> ApiDocument:
        """The document; nothing is read that is not needed for its frame."""
        reading, root = self._reading, self._root
        if reading.version < (3, 0):
            servers, parts = swagger_servers(root, reading), swagger_readers(reading, root)
        else:
            servers, parts = servers_of(reading, root), _readers(reading, root)
        reader = OperationReader(reading, parts, servers)
        found = _Parts(
            operations_of(self._text, "paths", reader, root, reading.version),
            operations_of(self._text, "webhooks", reader, root, reading.version),
        )
        tags, schemes = tags_of(reading, root), parts.security.schemes()
        info = root.get("info")
        about = info.value if info is not None and isinstance(info.value, dict) else {}
        return ApiDocument(
            uri=self._source.uri,
            title=text_of(about.get("title")),
            version=text_of(about.get("version")),
            specification=reading.specification,
            operations=found.operations,
            servers=servers,
            findings=LazySequence(lambda: self._findings(reader, found)),
            webhooks=found.webhooks,
            tags=tags,
            security_schemes=schemes,
            self_uri=text_of(root.value.get("$self")) if isinstance(root.value, dict) else "",
        )

    def _findings(self, reader: OperationReader, parts: _Parts) -> tuple[Finding, ...]:
        """The full check: every part of the document is read."""
        with collector_paused():
            for finding in (*self._text.faults, *text_findings(self._text.text)):
                self._report.include(finding)
            reader.report_frame(self._root)
            for operation in parts.all():
                if isinstance(operation.findings, OperationFindings):
                    operation.findings.tell(self._report)
            self._checker.document(self._root)
            found = self._report.findings
            doubtful = sum(each.code in _DOUBTFUL for each in found)
            if self._text.faults and doubtful > _MANY_DOUBTFUL:
                # What references name may be in the part that could not be read.
                found = tuple(
                    replace(each, severity=Severity.INFORMATION) if each.code in _DOUBTFUL else each
                    for each in found
                )
            return found


def _readers(reading: Reading, root: Place) -> PartReaders:
    content = ContentReader(reading)
    components = root.get("components")
    schemes = components.get("securitySchemes") if components else None
    return PartReaders(ParameterReader(reading, content), content, SecurityReader(reading, schemes))


def _specification(text: DocumentText, source: Source) -> str:
    """The OpenAPI version. Raises DocumentError where it is none that we read."""
    data = source.data
    if data is None:
        raise _refused(
            text,
            "",
            "document-empty",
            "the file is empty, or holds nothing but comments",
            "файл пуст, или в нём нет ничего, кроме комментариев",
        )
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
            "there is no `openapi` key at the top level, so this is not an OpenAPI document"
            + (" (Swagger 1.x is not read)" if "swaggerVersion" in data else ""),
            "на верхнем уровне нет ключа `openapi`, поэтому это не документ OpenAPI"
            + (" (Swagger 1.x не поддерживается)" if "swaggerVersion" in data else ""),
        )
    version = text_of(data[key])
    if not version and text.faults:
        # What is broken took the version with it.
        fault = text.faults[0]
        raise _refused_at(text, fault.span.start, fault.code, fault.message, _CORRECT)
    if not version.startswith("3" if key == "openapi" else "2"):
        raise _refused(
            text,
            f"/{key}",
            "document-version",
            f"`{key}: {version}` is not a version that is read",
            f"версия `{key}: {version}` не поддерживается",
        )
    return version


def _refused(text: DocumentText, pointer: str, code: str, en: str, ru: str) -> DocumentError:
    span = text.positions.key_span(pointer) if pointer else None
    start = span.start if span else 0
    return _refused_at(text, start, code, Message(f"{en}.", f"{ru}."), _VERSIONS)


def _refused_at(
    text: DocumentText, offset: int, code: str, message: Message, next_step: Message
) -> DocumentError:
    line = text.text.count("\n", 0, offset) + 1
    return UnreadableError(
        Message(f"Line {line}: {_lower(message.en)}", f"Строка {line}: {_lower(message.ru)}"),
        code=code,
        span=line_span(text.text, line),
        next_step=next_step,
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
