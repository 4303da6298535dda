"""Find a benchmark by its name and run it, or list them all."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import bench


def benchmarks() -> dict[str, ModuleType]:
    """The modules of this package that can be run, by name."""
    names = (each.name for each in iter_modules(bench.__path__) if each.name != "__main__")
    modules = {name: import_module(f"bench.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "run")}


def main(arguments: list[str]) -> int:
    """The exit code: that of the benchmark, 2 where there is none of that name."""
    found = benchmarks()
    if not arguments:
        for name, module in found.items():
            print(f"{name:12} {(module.__doc__ or '').splitlines()[0]}")
        return 0
    name, *rest = arguments
    if name not in found:
        print(f"no benchmark {name!r}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    return int(found[name].run(rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
