"""What reading the requests of one operation needs to know, worked out once."""

from __future__ import annotations

from functools import cached_property

from pe4king_core.generation.requests.requests import tested_parameters
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import Parameter, ParameterIn


class Plan:
    """An operation with its parameters by place; credentials and what belongs to HTTP left out."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self._tested = tested_parameters(operation)

    def _at(self, place: ParameterIn) -> tuple[Parameter, ...]:
        return tuple(item for item in self._tested if item.location is place)

    @cached_property
    def path(self) -> tuple[Parameter, ...]:
        """The path parameters."""
        return self._at(ParameterIn.PATH)

    @cached_property
    def query(self) -> tuple[Parameter, ...]:
        """The query parameters."""
        return self._at(ParameterIn.QUERY)

    @cached_property
    def headers(self) -> tuple[tuple[str, Parameter], ...]:
        """The header parameters with their names in lower case."""
        return tuple((item.name.lower(), item) for item in self._at(ParameterIn.HEADER))

    @cached_property
    def cookies(self) -> tuple[Parameter, ...]:
        """The cookie parameters."""
        return self._at(ParameterIn.COOKIE)

    @cached_property
    def querystring(self) -> Parameter | None:
        """The parameter that is the whole query string (OpenAPI 3.2)."""
        parameters = self.operation.parameters
        whole = (item for item in parameters if item.location is ParameterIn.QUERYSTRING)
        return next(whole, None)

    @cached_property
    def query_names(self) -> frozenset[str]:
        """Names in the query that belong to a parameter; objects may not take them."""
        secret = (
            scheme.parameter
            for requirement in self.operation.security
            for scheme in requirement.schemes
            if scheme.location is ParameterIn.QUERY
        )
        return frozenset((*(item.name for item in self.query), *secret))
