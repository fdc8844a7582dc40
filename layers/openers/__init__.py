"""Published data, each from its own format to the contract of a layer."""
