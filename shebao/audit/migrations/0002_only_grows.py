"""The audit only grows: what PostgreSQL itself refuses, and the list of lines that wait for a seal."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A test runner empties its database between tests; its settings say so on each connection.
    IF TG_OP = 'TRUNCATE' AND current_setting('shebao.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% only grows: its lines are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_event_is_never_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_seal_only_grows BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_seal_is_never_emptied BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();

CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_waiting (event_id) SELECT id FROM written;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_event_awaits_seal AFTER INSERT ON audit_event
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();
"""

BACKWARD = """
DROP TRIGGER audit_event_awaits_seal ON audit_event;
DROP TRIGGER audit_event_only_grows ON audit_event;
DROP TRIGGER audit_event_is_never_emptied ON audit_event;
DROP TRIGGER audit_seal_only_grows ON audit_seal;
DROP TRIGGER audit_seal_is_never_emptied ON audit_seal;
DROP FUNCTION audit_await_seal();
DROP FUNCTION audit_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
