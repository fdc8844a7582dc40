"""The report and the site sheets: one language a file, for whoever decides."""
