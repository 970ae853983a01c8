"""Django's door to the embedded PostgreSQL: ENGINE "shebao.foundation.embedded".

The server is started by the first connection that is asked for, and stopped when the last process that used it ends.
So a command that needs no database starts none. It is no second dialect: below it is Django's own PostgreSQL back end.
"""
