"""``python -m guidewright`` is the same as the ``guidewright`` command."""

from guidewright.cli import main

if __name__ == "__main__":
    main()
