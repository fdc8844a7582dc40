"""Charts of a plan as figures of matplotlib: for the report as SVG, and for notebooks."""
