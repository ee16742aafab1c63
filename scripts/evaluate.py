"""The same as ``camdigits evaluate``."""

from camdigits.commands.evaluate import main

if __name__ == "__main__":
    raise SystemExit(main())
