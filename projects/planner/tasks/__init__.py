"""Single sites that inspectors are asked to visit: the list of them, asking, and taking back."""
