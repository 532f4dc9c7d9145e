"""Files of influencers, read strictly and in one pass into arrays.

What is refused here is refused in the words of `checker check`, whose reader has the last word.
"""
