"""What operations are sent: valid requests that fit to what earlier calls make and change."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.generation.answers.statuses import created_status
from pe4king_core.generation.flows.api_map import ApiMap, last_template, parameter_of
from pe4king_core.generation.flows.references import named_resources, one_of_each, references
from pe4king_core.generation.proofs.proving import certainly_invalid
from pe4king_core.generation.resources.accounts import as_registered
from pe4king_core.generation.resources.accounts import registering as registering_of
from pe4king_core.generation.resources.named import with_name
from pe4king_core.generation.resources.own_keys import (
    moves_itself,
    repeats,
    without_key,
    without_source_of_slug,
)
from pe4king_core.generation.resources.unique import with_unique
from pe4king_core.generation.variations.prepared import ValidRequests, carries_credentials
from pe4king_core.model.case import Request
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace

_MOST_TRIES = 3


class Sending:
    """The requests of one document's operations."""

    def __init__(
        self, operations: Sequence[Operation], requests: ValidRequests, api: ApiMap
    ) -> None:
        self._operations = operations
        self._requests = requests
        self._map = api
        self._registering: dict[str, Operation | None] = {}

    def request(self, operation: Operation) -> Request:
        """The valid request of `operation`; what it makes has new names in every run."""
        register = self.registering(operation)
        if register is not None:
            return as_registered(self._requests.of(operation), self.request(register))
        request = self.with_one_reference_each(operation)
        if operation.method in ("PUT", "PATCH"):
            return self._change(request, operation)
        status = created_status(operation) if operation.method == "POST" else None
        item = self._map.item_below(operation) if status is not None else None
        if item is not None and status is not None:
            name = last_template(item.route)
            request = with_name(request, operation, status, parameter_of(item, name))
            return with_unique(request, operation, named_by=name)
        return with_unique(request, operation) if status == 201 else request

    def _change(self, request: Request, operation: Operation) -> Request:
        """The valid `request` of a PUT or PATCH: what it changes stays where it is, and gets other
        values than it was made with."""
        key = self._map.key_of_put(operation)
        if key:
            return with_unique(without_key(request, operation, key), operation, keyed_by=key)
        if "{" not in operation.route:
            return request
        made = self._made_by_post(operation)
        changing = request
        if made is not None and repeats(request, made):
            changing = self._other(operation, made) or request
        staying = self._staying(changing, operation)
        if self.moves(operation, staying):
            staying = self._staying(request, operation)
        return with_unique(staying, operation)

    def _made_by_post(self, operation: Operation) -> Request | None:
        """The request that makes what `operation` changes."""
        if not last_template(operation.route) or carries_credentials(operation):
            return None
        made = next(self._map.makers_of(operation.route.rstrip("/")), None)
        return self._requests.of(made) if made is not None and made.method == "POST" else None

    def _other(self, operation: Operation, made: Request | None) -> Request | None:
        """Another valid request of `operation`, if possible one that differs from what was
        `made`."""
        first: Request | None = None
        for number in range(_MOST_TRIES):
            other = self._requests.other(operation, number)
            if not certainly_invalid(other, operation):
                if made is None or not repeats(other, made):
                    return other
                first = first or other
        return first

    def _staying(self, request: Request, operation: Operation) -> Request:
        return without_source_of_slug(request, operation, last_template(operation.route))

    def moves(self, operation: Operation, request: Request) -> bool:
        """Whether a change may give what it changes another place."""
        return moves_itself(request, operation, last_template(operation.route))

    def with_one_reference_each(self, operation: Operation) -> Request:
        """The valid request with no resource named twice, where fewer items are valid too."""
        request = self._requests.of(operation)
        pointers = [
            found.pointer
            for found in references(operation, request)
            if self._map.maker_of_resource(found.resource) is not None
        ]
        if request.body is None or len(pointers) < 2:
            return request
        value = one_of_each(request.body.value, pointers)
        cut = replace(request, body=replace(request.body, value=value))
        return request if certainly_invalid(cut, operation) else cut

    def names_resources(self, value: Json, name: str) -> bool:
        """Whether `value`, at the field `name`, holds ids of resources that could be made."""
        found = named_resources(value, name)
        return any(self._map.maker_of_resource(words) is not None for words in found)

    def other_request(self, operation: Operation) -> Request:
        """A valid request of `operation` that says something else than its usual one."""
        other = self._other(operation, self._made_by_post(operation))
        other = other or self._requests.other(operation)
        return with_unique(self._staying(other, operation), operation)

    def registering(self, operation: Operation) -> Operation | None:
        """The operation that makes somebody whom `operation`, a login, lets in."""
        key = operation.pointer
        if operation.method != "POST" or operation.request_body is None:
            return None
        if key not in self._registering:
            found = registering_of(operation, self._operations, self._requests.of)
            self._registering[key] = found
        return self._registering[key]
