"""Reading of Python tests: pytest and unittest, requests, httpx and clients like them.

Modules, lower ones may import higher ones; what reads code does so through a frame's machine:

objects      values that only Python has         outline     what a module defines
frame        where code is being read            libraries   libraries known by name
resolving    names, through imports and classes  arguments   the arguments of a call
texts        texts built from parts              requests    one HTTP request from its arguments
answers      what operations make of an answer   clients     HTTP clients of libraries
models       classes that describe data          inlining    helpers, read where they are called
classes      objects, attributes, constructors   functions   well-known functions of libraries
containers   dictionaries, lists, loops          comparing   comparisons to claims
deciding     conditions known when reading       hamcrest, fluent, checks   assertion libraries
predicates   calls used as conditions            statuses    `response.ok` and the like
calls        a call expression to a value        strings     literals and f-strings
expressions  an expression to a value            truths      a condition to claims
binding      names that a test binds             branches    branches and loops
statements   the statements of a test or helper  tables      parametrized tests
fixtures     fixtures and set-up                 function    one test
header       imports, names, fixtures of a file
layout       indentation                         places      where the tests of a file stand
reader       surroundings and tests, as `pe4king_core.testcode.incremental` asks for them
"""
