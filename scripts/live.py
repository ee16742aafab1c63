"""Read numbers before a camera: see ``camdigits live --help``."""

from camdigits.commands.live import main

if __name__ == "__main__":
    raise SystemExit(main())
