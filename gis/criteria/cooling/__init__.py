"""Cooling: energy and water of a facility hour by hour, and the hours that cool for nothing."""
