"""Gates: what is checked before a proposal is shown. The ones that need no running code."""
