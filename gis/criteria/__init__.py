"""What is measured of a site: climate, power, geology, network; values, never scores."""
