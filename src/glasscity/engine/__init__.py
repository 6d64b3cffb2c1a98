"""The engine: a regime turned into flat tables, months run over blocks, worlds run to their end."""
