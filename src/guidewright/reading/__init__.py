"""From bytes on disk to plain data with the place of every value; one module per format.

Nothing here knows what the data mean. Every reader returns what it could read and the problems it met, and never
raises for what a file contains.
"""
