"""What happens when the user chooses an action: progress, review, edit, one message."""
