"""Networks that other tools wrote: GraphML, GML and the Open Fibre Data Standard."""
