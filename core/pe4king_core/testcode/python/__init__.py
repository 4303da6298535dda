"""Reading of Python tests: pytest and unittest, requests, httpx and clients like them.

Modules, lower ones may import higher ones:

answers      what operations make of an answer   requests    HTTP calls by name and arguments
texts        texts built from parts
expressions  an expression to a value            predicates  calls used as conditions to claims
truths       a condition to claims               unittests   assert methods and helpers to claims
statements   the statements of one test          header      imports, constants, fixtures
reader       the tests of a file
"""

from pe4king_core.testcode.python.reader import read

__all__ = ["read"]
