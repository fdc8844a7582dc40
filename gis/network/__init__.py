"""The tables of the backbone: round trips, redundancy, shared risk (SRLG) and cuts."""
