"""What is written: report, run record, the folder that is published whole."""
