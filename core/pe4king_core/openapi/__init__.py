"""OpenAPI documents: text to operations, schemas, positions and findings.

`load` reads a document, `is_openapi` only looks whether a text is one; `index` finds operations
in text that cannot be read yet.

Modules, later ones import earlier ones: raw, reading, keys, positions, sniffing, references,
keywords, expansion, discriminators, schemas, report, content, parameters, access, operations,
checking, swagger, loading; formats, patterns, values and slice work on schema views alone.
"""

from pe4king_core.openapi.loading import load, load_text
from pe4king_core.openapi.positions import IndexedOperation, OperationIndex, index, index_of
from pe4king_core.openapi.references import FileReader
from pe4king_core.openapi.sniffing import is_openapi

__all__ = [
    "FileReader",
    "IndexedOperation",
    "OperationIndex",
    "index",
    "index_of",
    "is_openapi",
    "load",
    "load_text",
]
