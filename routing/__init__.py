"""What connects: the backbone graph, latency and redundancy."""
