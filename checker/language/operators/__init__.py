"""The operators and functions of conditions: what each means, written once for every domain."""
