"""What is asked and what is shown: frozen structs that import nothing of ours but errors and texts."""
