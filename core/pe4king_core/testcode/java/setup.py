"""What runs before a test: static blocks, initialisers, set-up methods of its class and above."""

from __future__ import annotations

from pe4king_core.model.text import Span
from pe4king_core.testcode.java.expressions import evaluate
from pe4king_core.testcode.java.inlining import bind, construct
from pe4king_core.testcode.java.names import field_value
from pe4king_core.testcode.java.objects import Instance
from pe4king_core.testcode.java.outline import Method, TypeDecl
from pe4king_core.testcode.java.parameters import class_rows, columns, set_class_parameters
from pe4king_core.testcode.java.resolving import ancestors
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.values import Answer

_ONCE = frozenset({"BeforeAll", "BeforeClass", "BeforeSuite", "BeforeTest", "BeforeGroups"})
_EACH = frozenset({"BeforeEach", "Before", "BeforeMethod"})
_OLD = "setUp"
"""The method of JUnit 3."""


def set_up(context: Context, span: Span) -> None:
    """Reads what runs before a test; its calls are recorded at `span`."""
    owner = context.type
    if owner is None:
        return
    around: list[TypeDecl] = []
    while owner is not None and len(around) < 8:
        around.insert(0, owner)
        owner = owner.outer
    outer: Instance | None = None
    for each in around:
        lineage = [
            found for found in ancestors(context.run.lookup, each) if found.kind != "interface"
        ][::-1]
        _blocks(context, lineage, span)
        _run(context, lineage, None, span, _ONCE)
        outer = _object(context, each, outer, span)
        _run(context, lineage, outer, span, _ONCE)
        _run(context, lineage, outer, span, _EACH)
    context.this = outer
    if outer is not None:
        _bind_fields(context, outer)


def _blocks(context: Context, lineage: list[TypeDecl], span: Span) -> None:
    """The static blocks."""
    for each in lineage:
        for block in each.members.static_blocks:
            inner = context.within(each.unit, each)
            with context.recorder.within(each.name, span, setup=True):
                context.run.reader.block(inner, block)


def _object(
    context: Context, owner: TypeDecl, outer: Instance | None, span: Span
) -> Instance | None:
    """The object of the test's class; fields that are made by calls are made now."""
    with context.recorder.within(owner.name, span, setup=True):
        given = columns(class_rows(context, owner))
        made = construct(context, owner, given if owner.constructors() else (), span)
        if not isinstance(made, Instance):
            return None
        made.outer = outer
        set_class_parameters(context, owner, made)
        for each in ancestors(context.run.lookup, owner):
            for field in each.members.fields.values():
                if field.value is not None and field.value.type == "method_invocation":
                    field_value(context, field, made, evaluate)
    return made


def _run(
    context: Context,
    lineage: list[TypeDecl],
    this: Instance | None,
    span: Span,
    names: frozenset[str],
) -> None:
    """The annotated methods of the classes from the top down, those that are not overridden.

    Static ones run where there is no object yet, the others where there is one; those of every
    test may be either.
    """
    chosen: dict[str, tuple[TypeDecl, Method]] = {}
    for owner in lineage:
        found = owner.annotated(names)
        is_old = names is _EACH and "TestCase" in lineage[0].superclass
        if is_old:
            found += [each for each in owner.methods(_OLD) if each not in found]
        for method in found:
            chosen[method.name] = (owner, method)
    for owner, method in chosen.values():
        if names is _EACH or method.static == (this is None):
            _call(context, owner, method, this, span)


def _call(
    context: Context, owner: TypeDecl, method: Method, this: Instance | None, span: Span
) -> None:
    with context.run.entered((method.name, method.node.id)) as allowed:
        if method.body is None or not allowed:
            return
        inner = context.within(owner.unit, owner, None if method.static else this)
        inner.method = method
        bind(inner, method.parameters, ())
        with context.recorder.within(method.name, span, setup=True):
            context.run.reader.block(inner, method.body)


def _bind_fields(context: Context, this: Instance) -> None:
    """A field of the test's class that holds an answer is the test's own variable for it."""
    for name, value in this.fields.items():
        if isinstance(value, Answer):
            context.recorder.bind_response(value.call, name)
