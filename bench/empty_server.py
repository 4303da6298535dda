"""A pygls server with no features: what any language server in Python costs."""

from pygls.lsp.server import LanguageServer

if __name__ == "__main__":
    LanguageServer("empty", "1").start_io()
