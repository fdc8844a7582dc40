"""Decision: value functions, scoring and claims."""
