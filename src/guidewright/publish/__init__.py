"""What readers get: the snapshot and everything rendered from it."""
