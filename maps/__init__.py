"""What people look at: one symbology, two homes (the offline page and the QGIS project)."""
