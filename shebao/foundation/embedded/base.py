"""The module Django looks for in a database engine."""

from pathlib import Path

from django.db.backends.postgresql import base

from shebao.foundation import postgres


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts the server in settings_dict["FOLDER"] before the first connection to it."""

    def get_new_connection(self, conn_params):
        postgres.hold(Path(self.settings_dict["FOLDER"]), self.settings_dict.get("SERVER"))
        return super().get_new_connection(conn_params)
