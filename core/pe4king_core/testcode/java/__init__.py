"""Reading of Java tests: JUnit 4 and 5, TestNG; REST Assured with Hamcrest, JUnit, AssertJ.

Modules, lower ones may import higher ones:

types        Java's classes as JSON types        closures    what Groovy's operations give
groovy       GPath and Groovy conditions         answers     what methods make of an answer
requests     specifications and verbs            matchers    Hamcrest matchers to claims
chains       links of a REST Assured chain       expressions an expression to a value
truths       a condition to claims               assertions  assert methods to claims
statements   the statements of one test          header      imports, constants
bounds       tests in code that does not parse   reader      the tests of a file
"""

from pe4king_core.testcode.java.reader import read

__all__ = ["read"]
