"""The office's tray: what tablets sent and somebody has to decide, and the tablets themselves."""
