"""Nothing that the tests of a file checked is lost by an edit: an ordering on assertions."""
