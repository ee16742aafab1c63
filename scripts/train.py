"""Train a model: see ``camdigits train --help``."""

from camdigits.commands.train import main

if __name__ == "__main__":
    raise SystemExit(main())
