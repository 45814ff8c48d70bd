"""Find the records that are the same publication, without losing a study."""
