"""Read the numbers in pictures: see ``camdigits read --help``."""

from camdigits.commands.read import main

if __name__ == "__main__":
    raise SystemExit(main())
