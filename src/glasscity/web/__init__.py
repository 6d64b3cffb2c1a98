"""The explorer: pages and a JSON API over a folder of runs.

Pages read stored runs through the functions that the command line uses, and hold no logic.  Runs
are made by child processes, through one queue, into the same folders as ``glasscity run``.

==========  =====================================================================
settings    where it listens, which folder of runs it shows, how much it may take
safety      who is answered at all, and with which headers
shelf       the runs folder: what lies there, and nothing outside it
queue       runs that wait, run, are cancelled or gone on with
worker      the child process that makes one run
words       every string that a page says
api, pages  the routes, a file each
app         all of it put together
==========  =====================================================================
"""

from __future__ import annotations
