"""The management command line: `bin/shebao COMMAND …` runs `python -m config COMMAND …`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command. A command's file can't have a dash in its name, so id-number is found as id_number."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    command = [word.replace("-", "_") if not word.startswith("-") else word for word in sys.argv[1:2]]
    execute_from_command_line(["bin/shebao", *command, *sys.argv[2:]])


if __name__ == "__main__":
    main()
