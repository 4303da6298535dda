"""What generated tests of a language can use of the tests that are there already."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import SourceLanguage
from pe4king_server.actions.base import ActionContext
from pe4king_server.own_tests.model import NOTHING, Recognised

_logger = logging.getLogger(__name__)


def recognise(
    document: ApiDocument,
    operations: Sequence[Operation],
    context: ActionContext,
    language: SourceLanguage,
    folder: str = "",
) -> Recognised:
    """What tests of `operations` can use, in `folder` where the user chose one.

    Never fails: foreign code that surprises us costs its recognition only.
    """
    if not context.settings.own_tests:
        return NOTHING
    try:
        if language is SourceLanguage.PYTHON:
            from pe4king_server.own_tests.python import recognise_python

            return recognise_python(document, operations, context, folder)
        from pe4king_server.own_tests.java import recognise_java

        return recognise_java(document, operations, context, folder)
    except Exception:
        _logger.exception("The tests of the workspace could not be recognised")
        return NOTHING
