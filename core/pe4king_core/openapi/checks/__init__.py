"""What is wrong with a document: the grammar, the checks, the report."""
