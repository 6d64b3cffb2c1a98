"""The versions: of the package, and of the model whose numbers a digest stands for."""

from __future__ import annotations

__all__ = ["MODEL_VERSION", "__version__"]

__version__ = "0.1.0"
# Raised whenever the same scenario and seed would give other numbers.
MODEL_VERSION = "3"
