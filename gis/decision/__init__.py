"""Decision: what measures are worth, who is first, how surely, and why; numpy alone."""
