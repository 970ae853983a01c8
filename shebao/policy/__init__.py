"""The dated, cited rules of cities, loaded from policies/.

It computes no dues; it answers what was in force for a month.
"""


def state() -> dict:
    """For the health page: whether a policy is loaded, of which cities, and what is overdue for review."""
    from shebao.foundation import clock, sql

    found = sql.rows(sql.queries("shebao.policy", "policy.sql")["state"], {"today": clock.today()})[0]
    ok = bool(found["figures"])
    return {"ok": ok, **found} if ok else {"ok": False, "problem": "no policy is loaded"}
