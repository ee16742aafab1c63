"""The same as ``camdigits benchmark``."""

from camdigits.commands.benchmark import main

if __name__ == "__main__":
    raise SystemExit(main())
