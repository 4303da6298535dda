"""What gates may look at around a proposal: the interpreter, the JDK, names, hosts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pe4king_core.errors import UserError
from pe4king_core.model.operation import ApiDocument
from pe4king_core.proof.proposed import Surroundings
from pe4king_server.consent import Consents
from pe4king_server.environment.finding import environment_of
from pe4king_server.environment.look import Look
from pe4king_server.environment.model import Environment
from pe4king_server.environment.names import names_read
from pe4king_server.files import Files, path_of, workspace_of
from pe4king_server.proving.class_paths import class_path, proof_cache
from pe4king_server.proving.languages import source_language
from pe4king_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Around:
    """Finds the surroundings of a file: what its tests run with. Without consent nothing is run."""

    files: Files
    settings: Settings
    consents: Consents
    environ: Mapping[str, str]

    @classmethod
    def here(cls, files: Files, settings: Settings) -> Around:
        """For this user, in this process."""
        return cls(files, settings, Consents.of_user(), os.environ)

    def __call__(self, uri: str, documents: Sequence[ApiDocument] = ()) -> Surroundings:
        """The surroundings of the file at `uri`, there or to be."""
        path, language = path_of(uri), source_language(uri)
        if path is None or language is None:
            return Surroundings(documents)
        root = self.root(path)
        found = environment_of(uri, self.files, self.settings, self.environ, Path.home())
        look = Look(self.files, self.environ, Path.home())
        return Surroundings(
            documents,
            root,
            self._interpreter(found, root),
            self._class_path(found, root),
            found.jdk.home if found.jdk is not None and found.jdk.compiler else None,
            names_read(look, [path], language).read,
            _hosts(found),
        )

    def root(self, path: Path) -> Path:
        """The project's folder: the editor's that holds the file, else what looks like one."""
        roots = (found for uri in self.files.roots if (found := path_of(uri)) is not None)
        inside = [each for each in roots if path.is_relative_to(each)]
        return max(inside, key=lambda each: len(each.parts), default=workspace_of(path, Path.cwd()))

    def may_run(self, root: Path) -> bool:
        """Whether the user lets the code of `root` be run. Raises UserError: see `Consents`."""
        return self.settings.proof.run and self.consents.given(root)

    def _interpreter(self, found: Environment, root: Path) -> Path | None:
        """The interpreter, unless it is a guess, or a program of the workspace's."""
        python = found.python
        if python is None or (python.manager == "path" and python.package("pytest") is None):
            return None
        inside = python.interpreter.is_relative_to(root)
        return python.interpreter if not inside or self._consented(root) else None

    def _class_path(self, found: Environment, root: Path) -> tuple[Path, ...]:
        """What the build says: it has to be run for that."""
        jdk = found.jdk
        if found.java is None or jdk is None or not jdk.compiler or not self._consented(root):
            return ()
        try:
            return class_path(found, proof_cache())
        except UserError:
            return ()  # the gate says that it is not known; `prove` tells why

    def _consented(self, root: Path) -> bool:
        try:
            return self.may_run(root)
        except UserError:
            return False  # whoever asks for a run is told


def _hosts(environment: Environment) -> frozenset[str]:
    if environment.base_url is None:
        return frozenset()
    try:
        host = urlsplit(environment.base_url.value).hostname
    except ValueError:
        return frozenset()
    return frozenset({host} if host else ())
