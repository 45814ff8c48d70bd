"""What was found: questions, searches, records, screening, studies, extracted results."""
