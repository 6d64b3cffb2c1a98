"""Where one world becomes two: a life changed, a history forked, a month without a cause.

Everything here starts from a world of the engine and steps it with the engine's own kernels; what
is changed is the state between months or the tables that a citizen or a world is stepped with.
"""
