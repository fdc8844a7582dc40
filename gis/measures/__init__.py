"""The measures of the sites: the survey, loads and cost."""
