"""A Python text as the rules see it: its tree, what names stand for, and which are local."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from pe4king_core.model.text import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ROUNDS = 8
"""How many names may lead from one to the next until the module that they stand for."""
BUILTINS = frozenset(dir(builtins))


class PythonCode:
    """One text. Raises SyntaxError, ValueError, RecursionError or MemoryError for no Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(text)
        self._lines = _line_starts(text)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = []
        self._index()
        self.assigned: dict[str, list[ast.expr]] = defaultdict(list)
        """The expressions that a name or an attribute of that name is given, anywhere."""
        self.origins: dict[str, frozenset[str]] = {}
        """Names that stand for modules or what is in them, with their dotted names."""
        self.stars: list[str] = []
        self.folded: dict[ast.AST, frozenset[str]] = {}
        """What was found out of the texts that expressions come to."""
        self.functions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = defaultdict(list)
        self._collect()

    def _index(self) -> None:
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            self.nodes.append(node)
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
                stack.append(child)

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands, in code points."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        last = getattr(node, "end_lineno", None) or line
        end = getattr(node, "end_col_offset", None) or column
        return Span(self._offset(line, column), self._offset(last, end))

    def _offset(self, line: int, column: int) -> int:
        start = self._lines[min(line, len(self._lines)) - 1]
        end = self._lines[line] if line < len(self._lines) else len(self.text)
        part = self.text[start:end]
        if part.isascii():
            return start + column
        return start + len(part.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, innermost first."""
        current = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    def is_local(self, name: ast.Name) -> bool:
        """Whether a function or comprehension around `name` gives it a value of its own."""
        return any(
            name.id in self._locals.get(each, frozenset())
            for each in self.above(name)
            if isinstance(each, (*_FUNCTIONS, *_COMPREHENSIONS))
        )

    def is_defined(self, name: ast.Name) -> bool:
        """Whether this file itself binds the name where it is used."""
        return self.is_local(name) or name.id in self._module_names

    def origin(self, node: ast.AST) -> frozenset[str]:
        """The dotted names that `node` may stand for; empty where it is no imported thing."""
        if isinstance(node, ast.Name):
            found = self.origins.get(node.id)
            if found is not None:
                return found if node.id in self._bearing or not self.is_local(node) else frozenset()
            if self.stars and node.id not in BUILTINS and not self.is_defined(node):
                return frozenset(f"{star}.{node.id}" for star in self.stars)
            return frozenset()
        if isinstance(node, ast.Attribute):
            found = self.origin(node.value)
            if not found and self._is_of_class(node):
                return self.origins.get(node.attr, frozenset())
            return frozenset(f"{each}.{node.attr}" for each in found)
        return frozenset()

    def _is_of_class(self, node: ast.Attribute) -> bool:
        """Whether a class of this file gives the attribute of that name what is imported."""
        return isinstance(node.value, ast.Name) and node.attr in self._bearing_in_classes

    @cached_property
    def _bearing_in_classes(self) -> frozenset[str]:
        return frozenset(
            each.id
            for node in self.nodes
            if isinstance(node, ast.ClassDef)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for each in statement.targets
            if isinstance(each, ast.Name) and each.id in self._bearing
        )

    @cached_property
    def _locals(self) -> dict[ast.AST, frozenset[str]]:
        found: dict[ast.AST, set[str]] = defaultdict(set)
        for node in self.nodes:
            if isinstance(node, ast.arg):
                found[self._holder(node)].add(node.arg)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found[self._holder(node)].add(node.id)
            elif (isinstance(node, ast.ExceptHandler) and node.name) or isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                found[self._holder(node)].add(node.name or "")
        return {holder: frozenset(names) for holder, names in found.items()}

    @cached_property
    def _module_names(self) -> frozenset[str]:
        return self._locals.get(self.tree, frozenset())

    def _holder(self, node: ast.AST) -> ast.AST:
        """The function, comprehension or module whose name `node` binds."""
        kinds = (*_FUNCTIONS, *_COMPREHENSIONS)
        return next((each for each in self.above(node) if isinstance(each, kinds)), self.tree)

    def _collect(self) -> None:
        origins: dict[str, set[str]] = defaultdict(set)
        inside: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.arguments):
                self._collect_defaults(node)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                for bound, origin in imported(node):
                    if bound == "*":
                        self.stars.append(origin)
                        continue
                    origins[bound].add(origin)
                    if self._holder(node) is not self.tree:
                        inside.add(bound)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[node.name].append(node)
            else:
                self._collect_values(node)
        self._pass_arguments()
        self.origins = {name: frozenset(values) for name, values in origins.items()}
        self._bearing = inside | self._follow()
        """Names that stand for what is imported although a function gives them a value."""

    def _collect_values(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._assign(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._assign(node.optional_vars, node.context_expr)
        elif isinstance(node, ast.keyword) and node.arg:
            self.assigned[node.arg].append(node.value)

    def _collect_defaults(self, node: ast.arguments) -> None:
        names = [*node.posonlyargs, *node.args]
        for name, value in zip(reversed(names), reversed(node.defaults), strict=False):
            self.assigned[name.arg].append(value)
        for name, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            if given is not None:
                self.assigned[name.arg].append(given)

    def _pass_arguments(self) -> None:
        """What calls of this file's functions give to their parameters; rows of tables too."""
        for node in self.nodes:
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if isinstance(node.func, ast.Attribute):
                name = node.func.attr
            for function in self.functions.get(name, ()):
                names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
                names = names[1:] if names[:1] in (["self"], ["cls"]) else names
                for parameter, value in zip(names, node.args, strict=False):
                    self.assigned[parameter].append(value)
            if name == "parametrize" and len(node.args) > 1:
                self._pass_rows(node.args[0], node.args[1])

    def _pass_rows(self, names: ast.expr, rows: ast.expr) -> None:
        if isinstance(names, ast.Constant) and isinstance(names.value, str):
            for name in names.value.split(","):
                self.assigned[name.strip()].append(rows)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.assigned[target.id].append(value)
        elif isinstance(target, ast.Attribute):
            self.assigned[target.attr].append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for index, each in enumerate(target.elts):
                self._assign(each, values[index] if len(values) == len(target.elts) else value)

    def _follow(self) -> set[str]:
        """Give names the origins of what they are assigned; returns these names."""
        bearing: set[str] = set()
        for _ in range(_ROUNDS):
            before = dict(self.origins)
            for name, values in self.assigned.items():
                found = frozenset[str]().union(*(self._plain_origin(each) for each in values))
                if found:
                    bearing.add(name)
                    self.origins[name] = self.origins.get(name, frozenset()) | found
            if self.origins == before:
                break
        return bearing

    def _plain_origin(self, value: ast.expr) -> frozenset[str]:
        """As `origin`, by names alone: which are local is not known yet."""
        if isinstance(value, ast.Name):
            return self.origins.get(value.id, frozenset())
        if isinstance(value, ast.Attribute):
            return frozenset(f"{each}.{value.attr}" for each in self._plain_origin(value.value))
        return frozenset()


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, with what each stands for; `*` with the module."""
    if isinstance(node, ast.Import):
        for name in node.names:
            bound = name.asname or name.name.partition(".")[0]
            yield bound, name.name if name.asname else bound
        return
    base = "." * node.level + (node.module or "")
    joint = "" if base.endswith(".") else "."
    for name in node.names:
        if name.name == "*":
            yield "*", base
        else:
            yield name.asname or name.name, f"{base}{joint}{name.name}"


def _line_starts(text: str) -> list[int]:
    """The offsets at which Python's lines start: those of its tokenizer, not of `splitlines`."""
    starts = [0]
    for index, character in enumerate(text):
        if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
            starts.append(index + 1)
    return starts
