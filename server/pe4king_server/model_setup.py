"""Gathers what is configured about models: editor, user's file, workspace's files, environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pe4king_server.files import Files, join_uri, path_of

if TYPE_CHECKING:
    from pe4king_adapter.config import Layer, LlmSetup
    from pe4king_adapter.secret import KeySource


def model_setup(
    files: Files,
    editor: Mapping[str, object] | None = None,
    editor_user: Mapping[str, object] | None = None,
    keys: KeySource | None = None,
) -> LlmSetup:
    """All profiles. Raises ConfigError, also for a file that is no TOML.

    `editor` are the merged settings that an editor hands over without telling whose they are, so
    they count as the workspace's; `editor_user` are those that it says are the user's own.
    """
    from pe4king_adapter.config import Layer, llm_setup
    from pe4king_adapter.config.files import user_layers
    from pe4king_adapter.config.values import Source

    layers = [Layer(Source.USER, editor_user or {}), Layer(Source.WORKSPACE, editor or {})]
    layers += [*user_layers(), *_workspace_layers(files)]
    return llm_setup(layers, os.environ, _read(files, ".env"), keys)


def _workspace_layers(files: Files) -> list[Layer]:
    from pe4king_adapter.config.files import WORKSPACE_FILES, file_layers
    from pe4king_adapter.config.values import Source

    texts = ((name, _read(files, name)) for name in WORKSPACE_FILES)
    layers = (file_layers(text, name, Source.WORKSPACE) for name, text in texts if text is not None)
    return [layer for each in layers for layer in each]


def _read(files: Files, name: str) -> str | None:
    """The file `name` of the first folder that has it; a folder of that name is none.

    Raises ConfigError where it is no text.
    """
    from pe4king_adapter.config.files import unreadable

    places = [join_uri(root, name) for root in files.roots]
    found = next((text for text in map(files.read, places) if text is not None), None)
    paths = (path_of(place) for place in places)
    if found is None and any(path is not None and path.is_file() for path in paths):
        raise unreadable(name)
    return found
