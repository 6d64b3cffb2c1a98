"""What a checkpoint must hold of a world, and how the world becomes that again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np

from glasscity.engine.life import Watch
from glasscity.engine.stored import Stored
from glasscity.engine.world import World

__all__ = ["REMADE", "Held", "HeldWorld", "carried", "restore"]

# Columns that a month makes anew before it reads them, or that hold what another column holds.
REMADE = frozenset(
    {"scratch.glimpse", "scratch.filed", "face.next", "face.deed_next", "audit.shadow"}
)


class Held(Protocol):
    """A world as checkpoints see it."""

    @property
    def watch(self) -> Watch | None:
        """Whoever watches single citizens."""
        ...

    @property
    def held_bytes(self) -> int:
        """About how many bytes `held` comes to."""
        ...

    def held(self) -> dict[str, np.ndarray]:
        """Return by name what a checkpoint must hold of the world: views where it is large."""
        ...

    def go_on(self, own: Stored) -> None:
        """Become what `held` gave; nothing may have happened yet."""
        ...

    def written(self) -> None:
        """Hear that the checkpoint of what `held` gave is whole on the disk."""
        ...


class HeldWorld:
    """A world of arrays, or a range of one, as checkpoints see it."""

    watch: Watch | None = None

    def __init__(self, world: World) -> None:
        self.world = world
        # The faces that the last of all months saw; empty before it.
        self._before = np.zeros(0, dtype=np.uint32)

    @property
    def held_bytes(self) -> int:
        """Bytes of the state."""
        return self.world.state.nbytes

    def held(self) -> dict[str, np.ndarray]:
        """Return by name what a checkpoint must hold of the world: views where it is large."""
        columns = self.world.state.columns()
        arrays = {name: array for name, array in columns.items() if name not in REMADE}
        if len(self._before):
            arrays["face.before"] = self._before
        return arrays | carried(self.world)

    def go_on(self, own: Stored) -> None:
        """Become what `held` gave; nothing may have happened yet."""
        state = self.world.state
        columns = {name: array for name, array in state.columns().items() if name not in REMADE}
        with ThreadPoolExecutor(self.world.workers.threads) as pool:
            list(pool.map(lambda item: own.read(*item), columns.items()))
        state.face.next[:] = state.face.now
        state.face.deed_next[:] = state.face.deed
        np.right_shift(state.audit.inner, 6, out=state.audit.shadow)
        if "face.before" in own.names:
            self._before = own.read("face.before")
        restore(self.world, own)

    def written(self) -> None:
        """Nothing more is to be done."""


def carried(world: World) -> dict[str, np.ndarray]:
    """Return by name what a world itself carries from month to month (World.carried)."""
    return {f"world.{name}": array for name, array in world.carried().items()}


def restore(world: World, own: Stored) -> None:
    """Give a world back what `carried` gave."""
    small = [name for name in own.names if name.startswith("world.")]
    world.restore({name.removeprefix("world."): own.read(name) for name in small})
