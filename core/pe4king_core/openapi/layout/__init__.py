"""Where everything stands: keys and items by the layout of a text, pointers to ranges and back."""
