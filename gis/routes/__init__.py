"""New routes over the ground of a plan: what it costs, where they run, what they meet."""
