"""`$ref`, `$id` and anchors: over the document and the files that it refers to."""
