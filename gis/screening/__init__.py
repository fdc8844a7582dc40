"""Screening: every cell of a region scored under the plan's rules, from its own layers."""
