"""Gates that only read a proposal: one module or package each, in their order in `all`."""
