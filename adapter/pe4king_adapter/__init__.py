"""The model adapter: any language model behind one interface; knows nothing of LSP."""
