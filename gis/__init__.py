"""The planner: criteria, decision, build and command."""
