"""The compiler of packs: an input folder of open data and a table of facts become layers."""
