"""How fast a month is on this machine, beside a bound: what ``glasscity bench`` measures.

==============  =================================================================
module          what
==============  =================================================================
``month``       the full month of a regime of the catalogue
``bound``       the same bytes, ties and draws with nothing done to them
``candidates``  everybody's candidate partners, for the bound
``worlds``      societies to measure on, and the clock
``machine``     where it was measured
==============  =================================================================

``make bench`` measures more with the same functions: peers, single steps, instructions.
"""
