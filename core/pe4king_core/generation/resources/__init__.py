"""What requests say of the things that an API keeps: their ids, what must be new, who owns them."""
