"""The headers of an answer against what is documented of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pe4king_core.mock.contract.fault import Fault, FaultKind
from pe4king_core.mock.contract.forms import MOST_READINGS
from pe4king_core.mock.contract.operations import Parameter
from pe4king_core.mock.contract.pointers import resolved
from pe4king_core.mock.contract.readings import json_value, parameter_readings
from pe4king_core.mock.contract.schemas import Schemas
from pe4king_core.mock.exchange import Answer


class Headers:
    """Judges the headers of answers of one raw document."""

    def __init__(self, document: Mapping[str, Any], schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas

    def faults(self, response: Mapping[str, Any], answer: Answer) -> Iterator[Fault]:
        """What is wrong with the headers of an answer; those not documented are free."""
        listed = response.get("headers")
        for name, written in listed.items() if isinstance(listed, dict) else ():
            known = resolved(self._document, written)
            if not isinstance(known, dict) or str(name).lower() == "content-type":
                continue
            value = answer.header(str(name))
            if value is None:
                if known.get("required") is True:
                    yield Fault(FaultKind.HEADER, str(name))
            elif not self._fits(str(name), known, value):
                yield Fault(FaultKind.HEADER_VALUE, f"{name}: {value[:100]!r}")

    def _fits(self, name: str, header: Mapping[str, Any], value: str) -> bool:
        content = header.get("content")
        if isinstance(content, dict) and content:
            media_type, media = next(iter(content.items()))
            return self._fits_content(str(media_type), media, value)
        schema = header.get("schema", header if "type" in header else None)
        if schema is None:
            return True
        explode = header.get("explode") is True
        parameter = Parameter(name, "header", False, schema, "simple", explode)
        readings = islice(parameter_readings(parameter, [value]), MOST_READINGS)
        return any(self._schemas.in_answer(schema, each) for each in readings)

    def _fits_content(self, media_type: str, media: Any, value: str) -> bool:
        if not media_type.split(";", maxsplit=1)[0].endswith(("/json", "+json")):
            return True
        try:
            read = json_value(value)
        except ValueError:
            return False
        schema = media.get("schema") if isinstance(media, dict) else None
        return schema is None or self._schemas.in_answer(schema, read)
