"""How an editor reacts when it does not simply answer, and which kinds of editor there are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Literal

import pytest_lsp
from lsprotocol import converters, types

_CAPABILITIES = Path(__file__).parent / "capabilities"


class Reaction(Enum):
    """Instead of an answer."""

    NEVER = "no answer at all"
    MISSING = -32601
    ERROR = -32603
    CANCELLED = -32800


class Stale(StrEnum):
    """What an editor does with an edit for a version of a document that is not the open one."""

    REFUSES = "applied: false, without a reason"
    IGNORES = "makes the edit all the same"
    SKIPS = "makes no edit and says applied: true"
    FAILS = "answers with an error"


@dataclass(frozen=True)
class EditorKind:
    """What tests need to know of one editor, read in its client's source."""

    name: str
    stale: Stale
    line_ends: Literal["document", "lf", "as given"]
    """Of inserted text: made those of the document, made line feeds, or left alone."""
    snippets: bool = False
    needs_selection: bool = False
    """LSP4IJ never answers `window/showDocument` without a selection."""
    needs_create_options: bool = False
    """LSP4IJ fails on a `CreateFile` whose options lack `ignoreIfExists`."""
    opens_edited: bool = True
    """Whether a closed file is opened to be edited; LSP4IJ changes it behind the scenes."""
    sends_context: bool = True
    """LSP4IJ asks for code actions with trigger kind Automatic and without diagnostics."""
    root_uri: bool = True

    @property
    def capabilities(self) -> types.ClientCapabilities:
        own = _CAPABILITIES / f"{self.name}.json"
        if not own.exists():
            return pytest_lsp.client_capabilities(self.name)
        data = json.loads(own.read_text())
        return converters.get_converter().structure(data, types.ClientCapabilities)


KINDS = {
    "vscode": EditorKind("vscode_11", stale=Stale.REFUSES, line_ends="document", snippets=True),
    "lsp4ij": EditorKind(
        "lsp4ij_0_20",
        stale=Stale.IGNORES,
        line_ends="lf",
        needs_selection=True,
        needs_create_options=True,
        opens_edited=False,
        sends_context=False,
        root_uri=False,
    ),
    "neovim": EditorKind("neovim", stale=Stale.SKIPS, line_ends="as given"),
    "emacs": EditorKind("emacs", stale=Stale.FAILS, line_ends="as given"),
}
