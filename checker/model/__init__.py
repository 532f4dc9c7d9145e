"""The frozen data that every other part passes around. It imports nothing of the project."""
