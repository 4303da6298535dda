"""One module per LSP feature: read the workspace, ask core, return LSP types; no decisions."""
