"""The language server's plumbing: what pygls lacks, and nothing about tests or documents.

Modules, lower ones may import higher ones:

text_buffer  a text in pieces that its versions share
positions  spans of our own to LSP ranges and back
documents  open documents, files on disk, frozen snapshots of either
protocol   pygls' protocol with its faults repaired
base       the server class that the features are registered on
requests   requests to the client that neither hang nor raise
progress   work under a cancellable progress of the client
stdio      running a server over its standard streams or a socket

Only pygls, lsprotocol, the standard library and `pe4king_core.model` are imported here.
"""
