"""Writing long histories in bulk: rows equal, entry for entry, to those of the real actions."""
