"""The gate `contract`: nothing that a proposal asks or asserts is invented.

sight       the tests before and after, with the helpers of other files
expected    which answers a test expects of a call, and whether it means to be refused
places      what the document has at a place of a body
requests    what calls carry; answers: what is asserted; judging: both, for all calls of a test
gate        what the proposal adds to what stood there before
"""
