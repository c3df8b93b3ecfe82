"""What was written: documents, passages, and finding the right ones."""
