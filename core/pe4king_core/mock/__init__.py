"""The conforming server of a document, its mutants, recorded answers: the judge of tests."""
