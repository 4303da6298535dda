"""What the tests of the language server share.

wire          a raw JSON-RPC client that can also send what no sane client sends
tiny_server   a server with a handful of features, on our protocol or on pygls' own
reactions     how a scripted user or a broken client reacts to a request
edits         workspace edits applied the way each editor applies them
client        the editor's side of the protocol, answering as VS Code or LSP4IJ do
session       `editor(...)`: a server and an editor for one test, always ended

`capabilities/vscode_11.json` is what vscode-languageclient 11.0.0 computes when it is started with
a stub of the `vscode` module; `lsp4ij_0_20.json` follows LSP4IJ's `ClientCapabilitiesFactory`.
"""
