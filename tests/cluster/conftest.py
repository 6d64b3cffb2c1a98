"""A cluster of several machines on this one, shared by all tests that need one."""

from __future__ import annotations

import os
import tempfile

import pytest


@pytest.fixture(scope="session")
def machines():
    """Start a head without processors and return the cluster, to which tests add machines."""
    # No key is left in the home folder, and nothing is told to anybody.
    os.environ["RAY_AUTH_MODE"] = "disabled"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray
    from ray.cluster_utils import Cluster

    # A folder of its own: nobody else's cluster is found, and no other is disturbed.
    os.environ["RAY_TMPDIR"] = tempfile.mkdtemp(prefix="ray")
    cluster = Cluster(
        initialize_head=True,
        connect=True,
        head_node_args={
            "num_cpus": 0,
            "include_dashboard": False,
            "object_store_memory": 100 << 20,
        },
    )
    yield cluster
    ray.shutdown()
    cluster.shutdown()
