"""What a careful reader would find: checks of one part of the project against another."""
