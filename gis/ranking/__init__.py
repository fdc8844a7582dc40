"""What the measures come to: scores, how sure they are, what would turn them, scenarios side by side."""
