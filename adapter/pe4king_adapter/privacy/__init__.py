"""What must not leave this machine unseen: keys."""
