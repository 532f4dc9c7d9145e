"""Would a rule's examples notice a mistake in it: slips, one at a time, that they must tell.

A *mutant* is a pack with one slip in it, such as `<` for `<=`. It is *killed* when an example comes
out otherwise than it expects; one that *survives* shows a case that no example has.
"""
