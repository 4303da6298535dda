"""Puts assertions, tests and documentation into existing source, by insertions only.

    weave(file, test, facts)                          assertions behind the calls they speak of
    insert_tests(file, sibling, blocks, imports)      whole tests beside another one
    insert_documentation(file, test, comment)         a docstring or Javadoc
    merging.merge(existing, rendered, wanted, ...)    what a generated file lacks of a new one

Where it is not certain that the code would mean what it should, nothing is written and the
reason is told.
"""

from __future__ import annotations

from pe4king_core.weaving.documentation import insert_documentation
from pe4king_core.weaving.siblings import insert_tests
from pe4king_core.weaving.weave import weave
from pe4king_core.weaving.woven import Woven

__all__ = ["Woven", "insert_documentation", "insert_tests", "weave"]
