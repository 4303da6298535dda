"""OpenAPI documents: text to operations, schemas, positions and findings.

`load` reads a document, `is_openapi` only looks whether a text is one; `index` finds operations
in text that cannot be read yet.

Rooms, later ones import earlier ones (all know `raw`):

parsing    text to data: parsers with their limits, encodings
layout     where everything stands in a text, whether or not it can be read
units      a text cut into units, read, and read again after an edit
refs       `$ref`, `$id`, anchors, other files
schema     lazy views of schemas, and which values are valid
findings   faults and the report made of them
parts      operations and all they are made of
checks     the grammar of OpenAPI, and what is wrong with a document

`entries` lists operations, `loading` puts a document together, `places` tells what stands at a
place, `statistics` counts.
"""

from pe4king_core.openapi.layout.positions import IndexedOperation, OperationIndex, index, index_of
from pe4king_core.openapi.loading import load, load_text
from pe4king_core.openapi.parsing.sniffing import is_openapi
from pe4king_core.openapi.refs.references import FileReader

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
