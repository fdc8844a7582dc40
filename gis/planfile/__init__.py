"""The plan file: what a plan.toml says, the reading of all that it names, and whether it hangs together."""
