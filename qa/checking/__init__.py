"""What holds: figures read out of text, and drafts checked against the evidence."""
