"""Build: scenario, outputs, run record, report and the safe publishing of a folder."""
