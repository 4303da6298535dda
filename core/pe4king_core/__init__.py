"""Pe4King's core: OpenAPI documents and API tests as data. No LSP, no model, no network."""

__version__ = "0.1.0"
