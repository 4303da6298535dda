"""The answers that are refusals; each has the status and code that the document gives it.

ApiError
├── InvalidParameter  400    ├── MalformedBody  400        ├── Unauthorized  401
├── NotFound          404    ├── MethodNotAllowed  405     ├── Conflict  409
└── UnsupportedMediaType  415                              └── InvalidBody  422
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .values import Json, Problem


class ApiError(Exception):
    """A request that is refused; `headers` go into the answer beside the usual ones."""

    status = 500
    code = "internal_error"

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Json]:
        """The `Error` of the document."""
        return {"code": self.code, "message": self.message}


class MalformedBody(ApiError):
    """The body is missing or is not JSON."""

    status = 400
    code = "malformed_body"

    def body(self) -> dict[str, Json]:
        """The error; there are no single properties to name."""
        return {**super().body(), "details": None}


class _Problems(ApiError):
    message_for_all = ""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(self.message_for_all)
        self.problems = problems

    def body(self) -> dict[str, Json]:
        """The error with everything that is wrong."""
        details = [{"field": one.field, "problem": one.problem} for one in self.problems]
        return {**super().body(), "details": details}


class InvalidParameter(_Problems):
    """A path, query or header parameter is missing or not allowed."""

    status = 400
    code = "invalid_parameter"
    message_for_all = "The request has parameters that are not allowed."


class InvalidBody(_Problems):
    """The body is JSON but breaks its schema."""

    status = 422
    code = "invalid_body"
    message_for_all = "The body breaks its schema."


class Unauthorized(ApiError):
    """The credentials are missing or wrong."""

    status = 401
    code = "unauthorized"


class NotFound(ApiError):
    """Something that the request names does not exist."""

    status = 404
    code = "not_found"


class MethodNotAllowed(ApiError):
    """The path exists but has no such method."""

    status = 405
    code = "method_not_allowed"


class Conflict(ApiError):
    """The state of a resource does not allow the change."""

    status = 409
    code = "conflict"


class UnsupportedMediaType(ApiError):
    """The body is not sent as JSON."""

    status = 415
    code = "unsupported_media_type"
