"""How the auditor reads published commentary, and what it holds it against."""
