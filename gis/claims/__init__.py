"""What documents claim, held against the data."""
