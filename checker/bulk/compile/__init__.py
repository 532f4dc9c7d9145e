"""The compiler: typed rules of one brief to one SQL text."""
