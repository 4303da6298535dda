"""The full check alone, as `load` runs it, over documents given as data."""

from __future__ import annotations

import json

from openapi_kit import URI, Files

from pe4king_core.model.finding import Finding
from pe4king_core.openapi.checks.checking import Checker
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.layout.positions import Finder, Positions
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place, Source
from pe4king_core.openapi.refs.references import References
from pe4king_core.openapi.schema.schemas import SchemaViews

INFO = {"title": "T", "version": "1"}
OK = {"200": {"description": "ok"}}


def document(paths=None, version="3.0.3", **more) -> dict[str, object]:
    """A document as data; sound where nothing else is said."""
    key = "swagger" if version == "2.0" else "openapi"
    return {key: version, "info": INFO, "paths": paths or {}, **more}


def with_schema(schema, version="3.0.3", **others) -> dict[str, object]:
    """A document with the component `A`."""
    if version == "2.0":
        return document(version=version, definitions={"A": schema, **others})
    return document(version=version, components={"schemas": {"A": schema, **others}})


def checker(data, files=None, *, unused=False) -> tuple[Checker, Report, Place]:
    """A checker as `load` makes it, and the root of the document."""
    text = json.dumps(data, indent=1)
    source = Source(URI, data, text=text)
    version = str(data.get("openapi") or data.get("swagger"))
    references = References(source, Files(files) if files else None)
    views = SchemaViews(references, siblings=not version.startswith(("2", "3.0")))
    report = Report(Finder(Positions(text)))
    reading = Reading(references, views, report, version)
    return Checker(reading, unused=unused), report, Place(source, "", data)


def check(data, files=None) -> tuple[Finding, ...]:
    """The findings of the full check alone."""
    made, report, root = checker(data, files)
    made.document(root)
    return report.findings


def told(data, files=None) -> list[tuple[str, str]]:
    """Code and pointer of each finding."""
    return sorted((finding.code, finding.pointer) for finding in check(data, files))
