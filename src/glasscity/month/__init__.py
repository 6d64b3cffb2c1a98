"""The month: what is seen, then the six stages, each a compiled loop over a block of citizens.

The stages meet only in the society's state and never import each other.
"""
