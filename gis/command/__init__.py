"""The command `steppe`."""
