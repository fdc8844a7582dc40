"""A plan begun and fed: init, import, fetch, and what comes back from QGIS."""
