"""Flows: what has to be called before an operation, so that what it works on is there.

A documented link says it; else the paths do: what is under `/books/{id}` was made by POST to
`/books`, or by PUT to the place itself, and what nobody can make is looked for in the list at
`/books`. Where the document does not promise the id in the answer, the flow says so. Steps are
made once for each operation that is called before others, and shared by all flows of a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pe4king_core.generation.answers.statuses import alike, created_status, done_statuses
from pe4king_core.generation.flows.api_map import (
    ApiMap,
    last_template,
    parameter_of,
    template_of,
    templates_of,
)
from pe4king_core.generation.flows.flow import (
    UNDER_TEST,
    Creation,
    Flow,
    aimed,
    flow_from,
    linked_flow,
)
from pe4king_core.generation.flows.linking import linked_values
from pe4king_core.generation.flows.references import references
from pe4king_core.generation.flows.sending import Sending
from pe4king_core.generation.resources.accounts import taken_from
from pe4king_core.generation.resources.chosen import known_id
from pe4king_core.generation.resources.identity import json_answer, listed_id
from pe4king_core.generation.resources.own_keys import (
    own_key,
    sends_fixed_id,
)
from pe4king_core.generation.variations.prepared import ValidRequests
from pe4king_core.model.case import CleanUp, Request, RequestArgument, Step
from pe4king_core.model.fact import EarlierValue, RequestValue, ResponseValue
from pe4king_core.model.operation import Operation, Parameter, ParameterIn
from pe4king_core.model.record import replace

MOST_STEPS = 3
_READING = frozenset({"GET", "HEAD", "QUERY"})


class Flows:
    """The flows of one document, each looked for when it is first asked for."""

    def __init__(self, operations: Sequence[Operation], requests: ValidRequests) -> None:
        self._requests = requests
        self._map = ApiMap(operations)
        self.sending = Sending(operations, requests, self._map)
        self._flows: dict[str, Flow | None] = {}
        self._steps: dict[str, Step] = {}
        self._creations: dict[tuple[str, str, str], Creation | None] = {}

    def to(self, operation: Operation) -> Flow | None:
        """The way to `operation`; None where nothing has to be, or can be, made before."""
        key = operation.pointer
        if key not in self._flows:
            self._flows[key] = None  # whoever comes back here goes round in a circle
            found = self._linked(operation) or self._by_path(operation)
            found = self._with_references(operation, found)
            found = self._with_own_key(operation, found)
            self._flows[key] = self._registered(operation, found)
        return self._flows[key]

    def at(self, method: str, operation: Operation) -> Operation | None:
        """The operation with `method` at the same path."""
        return self._map.at(method, operation.route)

    def made_in(self, collection: Operation) -> Creation | None:
        """How one of the things is made that the list `collection` has, surely in that list."""
        maker = self.at("POST", collection)
        item = self._map.item_below(collection)
        if maker is None or maker is collection:
            return None
        name = last_template(item.route) if item is not None else ""
        wanted = Parameter("id", ParameterIn.PATH, True, None, "")
        parameter = parameter_of(item, name) if item is not None else wanted
        made = self._creation(maker, parameter)
        return made if made is not None and made.sure else None

    def removing(self, collection: Operation) -> Operation | None:
        """The operation that removes one of the things that `collection` has."""
        item = self._map.item_below(collection)
        return self.at("DELETE", item) if item is not None else None

    def clean_up(self, operation: Operation, request: Request) -> CleanUp | None:
        """The call that removes what `operation` makes when `request` is the one under test."""
        status = created_status(operation)
        found = self._clean_up(operation, status, request) if status is not None else None
        if found is None:
            return None
        path = {
            name: replace(value, call=UNDER_TEST)
            if isinstance(value, EarlierValue) and value.call == operation.key
            else value
            for name, value in found.request.path_parameters.items()
        }
        return CleanUp(found.operation, replace(found.request, path_parameters=path))

    def step(self, operation: Operation, request: Request, *, again: bool = False) -> Step | None:
        """A call of `operation` that changes or removes what earlier steps made."""
        done = done_statuses(operation)
        call = f"{operation.key} again" if again else operation.key
        return Step(call, operation, request, done[0], others=done[1:]) if done else None

    def _linked(self, operation: Operation) -> Flow | None:
        """By a documented link that says all parameters of the path."""
        for found in self._map.links_to(operation):
            before = self.to(found.source)
            if "{" in found.source.route and (before is None or not before.sure):
                continue
            step = self._step(found.source)
            if step is None or step.status != found.status:
                continue
            steps = (*(before.steps if before is not None else ()), step)
            values = linked_values(found, step.request, operation)
            if values is None or len(steps) > MOST_STEPS:
                continue
            if set(templates_of(operation.route)) <= values.path.keys():
                return linked_flow(operation, steps, values, before)
        return None

    def _by_path(self, operation: Operation) -> Flow | None:
        """From the innermost resource of the path outwards: the first that can be made."""
        segments = operation.route.rstrip("/").split("/")
        for index in range(len(segments) - 1, 0, -1):
            name = template_of(segments[index])
            if not name:
                continue
            item = "/".join(segments[: index + 1])
            parameter = parameter_of(operation, name)
            makers = [each for each in self._map.makers_of(item) if each is not operation]
            created = (self._creation(source, parameter) for source in makers)
            made = next((each for each in created if each is not None), None)
            found = made or self._listed(operation, item, parameter)
            if found is not None:
                chosen = 1 if self._map.key_of_put(operation) else 0
                return flow_from(found, operation, item, own=made is not None, chosen=chosen)
        return None

    def _listed(self, operation: Operation, item: str, parameter: Parameter) -> Creation | None:
        """The first resource of a list, for calls that leave it as it is.

        What was there before the tests is only read, or something is made in it and removed.
        """
        source = self._map.at("GET", item.rpartition("/")[0])
        adds = operation.method == "POST" and self._map.is_removable(operation)
        if source is None or source is operation or not (adds or operation.method in _READING):
            return None
        before, step = self.to(source), self._step(source)
        earlier = before.steps if before is not None else ()
        if step is None or _has_own_values(parameter) or len(earlier) >= MOST_STEPS:
            return None
        known = not templates_of(source.route) or (before is not None and before.sure)
        found = listed_id(source, step.status, parameter) if known else None
        if found is None:
            return None
        value = ResponseValue(step.call, found.pointer, sure=False)
        return Creation((*earlier, step), value, sure=True, promised=False)

    def _creation(
        self, source: Operation, parameter: Parameter, *, in_json: bool = False
    ) -> Creation | None:
        where = parameter.schema.pointer if parameter.schema is not None else ""
        key = (source.pointer, parameter.name, where if in_json else "")
        if key not in self._creations:
            self._creations[key] = None
            self._creations[key] = self._made(source, parameter, in_json=in_json)
        return self._creations[key]

    def _made(self, source: Operation, parameter: Parameter, *, in_json: bool) -> Creation | None:
        before, step = self.to(source), self._step(source)
        earlier = before.steps if before is not None else ()
        if step is None or len(earlier) >= MOST_STEPS:
            return None
        keyed = self._map.key_of_put(source)
        if keyed and keyed not in step.request.unique:
            return None
        found = known_id(
            source, step.status, step.request, parameter, keyed_by=keyed, in_json=in_json
        )
        answered = isinstance(found, ResponseValue)
        if found is None or (answered and any(_answers_alike(step, other) for other in earlier)):
            return None
        outer = [name for name in templates_of(source.route) if name != keyed]
        return Creation(
            (*earlier, step),
            found,
            sure=not outer or (before is not None and before.sure),
            promised=_is_promised(found) and (before is None or before.promised),
        )

    def _step(self, source: Operation) -> Step | None:
        """The call of `source` before another one; None where it may not succeed in one way."""
        made = self._steps.get(source.pointer)
        if made is None:
            status = created_status(source)
            if status is None or not self._requests.possible(source):
                return None
            request = aimed(self.sending.request(source), self.to(source))
            clean_up = self._clean_up(source, status, request)
            others = alike(source, status)
            made = Step(source.key, source, request, status, clean_up, others)
            self._steps[source.pointer] = made
        return made

    def _clean_up(self, source: Operation, status: int, sent: Request) -> CleanUp | None:
        """DELETE of the item, where nothing but its path has to be said."""
        keyed = self._map.key_of_put(source)
        if (source.method != "POST" and not keyed) or sends_fixed_id(sent, source):
            return None
        item = self._map.item_below(source) if source.method == "POST" else source
        delete = self._map.at("DELETE", item.route) if item is not None else None
        if delete is not None and _only_path(delete):
            names = templates_of(delete.route)
            wanted = parameter_of(delete, names[-1])
            found = known_id(source, status, sent, wanted, keyed_by=keyed)
            if found is not None:
                outer = [sent.path_parameters.get(name) for name in templates_of(source.route)]
                path = dict(zip(names, outer, strict=False))
                path[names[-1]] = found
                return self._clean_up_call(delete, path)
        return self._linked_clean_up(source, status, sent)

    def _linked_clean_up(self, source: Operation, status: int, sent: Request) -> CleanUp | None:
        for found, target in self._map.links_from(source, status):
            if target.method == "DELETE" and _only_path(target):
                values = linked_values(found, sent, target)
                if values is not None and set(templates_of(target.route)) <= values.path.keys():
                    return self._clean_up_call(target, values.path)
        return None

    def _clean_up_call(self, delete: Operation, path: Mapping[str, RequestArgument]) -> CleanUp:
        request = self._requests.of(delete)
        arguments = {name: path.get(name, v) for name, v in request.path_parameters.items()}
        return CleanUp(delete, replace(request, path_parameters=arguments))

    def _with_own_key(self, operation: Operation, flow: Flow | None) -> Flow | None:
        """`flow` with the key in the body that is in the path."""
        name = last_template(operation.route)
        if flow is None or operation.method not in ("PUT", "PATCH") or name not in flow.path:
            return flow
        keys = own_key(self.sending.request(operation), operation, name, flow.path[name])
        return replace(flow, body={**flow.body, **keys}) if keys else flow

    def _registered(self, operation: Operation, flow: Flow | None) -> Flow | None:
        """`flow` with somebody registered who can log in."""
        register = self.sending.registering(operation)
        step = self._step(register) if register is not None else None
        if step is None:
            return flow
        before = self.to(step.operation)
        steps = (*(before.steps if before is not None else ()), step)
        taken = taken_from(self._requests.of(operation), step)
        return Flow(steps, body=taken, promised=False)

    def _with_references(self, operation: Operation, flow: Flow | None) -> Flow | None:
        """`flow` with the resources that fields of the body name (`customerId`)."""
        if operation.method not in ("POST", "PUT", "PATCH"):
            return flow
        steps = list(flow.steps if flow is not None else ())
        taken: dict[str, EarlierValue] = {}
        for field_ in references(operation, self.sending.with_one_reference_each(operation)):
            source = self._map.maker_of_resource(field_.resource)
            if source is None or source is operation:
                continue
            wanted = Parameter(field_.name, ParameterIn.PATH, True, field_.schema, "")
            created = self._creation(source, wanted, in_json=True)
            if created is None or not created.sure or not created.promised:
                continue
            known = {step.call for step in steps}
            more = [step for step in created.steps if step.call not in known]
            if len(steps) + len(more) <= MOST_STEPS:
                steps += more
                taken[field_.pointer] = created.value
        if not taken:
            return flow
        return replace(flow or Flow(()), steps=tuple(steps), body=taken)


def _answers_alike(step: Step, other: Step) -> bool:
    """Whether both answer with one schema: what is added to a thing is often answered with the
    thing itself, whose id is not that of what was added."""
    mine = json_answer(step.operation, step.status)
    return mine is not None and mine == json_answer(other.operation, other.status)


def _is_promised(value: EarlierValue) -> bool:
    """Whether the document promises that what was made has the id `value`: PUT makes something at
    the very path it is sent to (RFC 9110 section 9.3.4)."""
    return bool(value.parameter) if isinstance(value, RequestValue) else value.sure


def _has_own_values(parameter: Parameter) -> bool:
    """Whether the document itself says what the parameter may be."""
    schema = parameter.schema
    stated = schema is not None and (schema.examples or schema.enum or schema.has_default)
    return bool(parameter.examples or stated)


def is_known(operation: Operation, flow: Flow | None) -> bool:
    """Whether the path of `operation` leads to something that is there, as far as can be told."""
    if flow is not None and flow.sure:
        return True
    names = templates_of(operation.route)
    return all(_has_own_values(parameter_of(operation, name)) for name in names)


def _only_path(delete: Operation) -> bool:
    """Whether a DELETE needs nothing but the parameters of its path."""
    if delete.request_body is not None and delete.request_body.required:
        return False
    required = [item for item in delete.parameters if item.required]
    return all(item.location is ParameterIn.PATH for item in required) and "{" in delete.route
