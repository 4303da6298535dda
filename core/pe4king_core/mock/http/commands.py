"""What the control room can do, as functions of JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pe4king_core.mock.http.mounts import Mount
from pe4king_core.mock.http.reading import (
    CommandError,
    mutant_of,
    mutant_parts,
    script_parts,
    scripts_of,
    text,
    the_options,
    whole_number,
)
from pe4king_core.mock.mutant import Mutant

if TYPE_CHECKING:
    from pe4king_core.mock.http.app import MockApp

__all__ = ["CommandError", "Commands"]

_MOST_MUTANTS = 1_000


class Commands:
    """Commands for one application; those that change something know `document`, a name."""

    def __init__(self, app: MockApp) -> None:
        self._app = app

    def status(self, _: Mapping[str, str]) -> object:
        """The documents with their options, and how many requests got which answer."""
        counts = self._app.log.counts
        return {
            "documents": [_about(mount) for mount in self._app.mounts.all],
            "requests": sum(counts.values()),
            "answers": {str(why): amount for why, amount in counts.items()},
        }

    def log(self, query: Mapping[str, str]) -> object:
        """The last requests, the oldest first; `last` says how many."""
        most = whole_number(dict(query), "last", least=1, usual=100)
        return [each.in_full() for each in self._app.log.last(most)]

    def reset(self, told: Mapping[str, Any]) -> None:
        """As just started: no things made, no scripts, no mutant, no log."""
        for mount in self._chosen(told):
            mount.service.reset()
        if not told.get("document"):
            self._app.log.clear()

    def mutants(self, query: Mapping[str, str]) -> object:
        """The mutants of a document, or of its `operation`."""
        mount, name = self._one(query), query.get("operation", "")
        if name and mount.service.document.operation(name) is None:
            raise CommandError(f"There is no operation {name!r}; it is a key or an operationId.")
        known = mount.service.mutants(name, most=_MOST_MUTANTS)
        return [mutant_parts(each) for each in known]

    def put_mutant(self, told: Mapping[str, Any]) -> object:
        """Activate a mutant: by its name, or as it was listed."""
        mount = self._one(told)
        mutant = mutant_of(told) if "operator" in told else self._named(mount, told)
        mount.service.mutant = mutant
        return mutant_parts(mutant)

    def delete_mutant(self, told: Mapping[str, Any]) -> None:
        """Conform again."""
        for mount in self._chosen(told):
            mount.service.mutant = None

    def add_scripts(self, told: Mapping[str, Any]) -> object:
        """Answer the next calls as the objects in `scripts` say."""
        mount = self._one(told)
        scripts = scripts_of(told, mount.service.document)
        numbers = mount.service.script(*scripts)
        return {"scripts": len(mount.service.scripts), "ids": list(numbers)}

    def scripts(self, query: Mapping[str, str]) -> object:
        """The scripts that are on, the one that is asked first at the top."""
        mount = self._one(query)
        return [script_parts(each) for each in mount.service.scripts.all]

    def delete_scripts(self, told: Mapping[str, Any]) -> None:
        """Answer as usual again, or without the one script `id`."""
        if "id" not in told:
            for mount in self._chosen(told):
                mount.service.scripts.clear()
            return
        number = whole_number(told, "id", least=1, usual=1)
        if not self._one(told).service.scripts.remove(number):
            raise CommandError(f"There is no script {number}; GET /__pe4king/scripts lists them.")

    def put_options(self, told: Mapping[str, Any]) -> object:
        """Change how documents behave; what requests have made is forgotten."""
        mounts = self._chosen(told)
        changed = [the_options(told, mount.service.options) for mount in mounts]
        for mount, options in zip(mounts, changed, strict=True):
            mount.service.configure(options)
        return [_about(mount) for mount in mounts]

    def _chosen(self, told: Mapping[str, Any]) -> tuple[Mount, ...]:
        """The document that is named; all where none is."""
        return (self._one(told),) if told.get("document") else self._app.mounts.all

    def _one(self, told: Mapping[str, Any]) -> Mount:
        name = text(dict(told), "document")
        found = self._app.mounts.named(name)
        if found is None:
            names = ", ".join(each.name for each in self._app.mounts.all)
            raise CommandError(f"`document` has to be one of: {names}.")
        return found

    def _named(self, mount: Mount, told: Mapping[str, Any]) -> Mutant:
        name = text(dict(told), "name")
        operations = [
            entry.key
            for entry in mount.service.document.entries
            if name.startswith(entry.key) and name[len(entry.key) :][:1] in ("", " ", ":")
        ]
        for key in sorted(operations, key=len, reverse=True):
            for mutant in mount.service.mutants(key):
                if mutant.name == name:
                    return mutant
        raise CommandError(f"There is no mutant {name!r}; GET /__pe4king/mutants lists them.")


def _about(mount: Mount) -> dict[str, object]:
    service, options = mount.service, mount.service.options
    return {
        "name": mount.name,
        "title": service.document.title,
        "version": service.document.version,
        "basePath": mount.base_path,
        "operations": len(service.document.entries),
        "seed": options.seed,
        "variety": options.variety.value,
        "lenient": options.lenient,
        "unknown": str(options.unknown),
        "delay": list(options.delay),
        "fail": options.fail_rate,
        "scripts": len(service.scripts),
        "mutant": None if service.mutant is None else service.mutant.name,
    }
