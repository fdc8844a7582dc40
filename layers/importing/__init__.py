"""Files of anybody, made into layers: opened, placed, their fields matched."""
