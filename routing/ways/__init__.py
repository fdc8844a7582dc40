"""Ways over a graph of roads or railways: shortest, disjoint, apart by kilometres, and trees."""
