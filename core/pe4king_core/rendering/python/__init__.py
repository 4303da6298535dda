"""Python source: test functions, helpers, fixtures, assertions."""
