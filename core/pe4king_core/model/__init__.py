"""The shared vocabulary as plain data; every other room speaks in these types.

Modules, lower ones may import higher ones:

json       JSON values and pointers            message   text for the user in two languages
text       spans, edits and line tables        finding   something to tell at a place in a text
schema     one schema, whatever the dialect    operation documents and their operations
fact       what a test should check or try     case      test plans and test models
source     existing test files as read         verdict   evidence and its outcome
proposal   an edit, where it came from, its evidence
"""
