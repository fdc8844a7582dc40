"""Ways of least cost over the cells of a grid."""
