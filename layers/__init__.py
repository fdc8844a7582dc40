"""What is on the map and in the tables: contracts, readers, writers, facts and sources."""
