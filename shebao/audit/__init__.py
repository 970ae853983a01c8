"""Who did what, when, to which reference; append-only and chained.

It judges nothing and never calls back into what it records.
"""

from shebao.audit.chain import seal, verify_chain
from shebao.audit.events import looked, looked_many, record

__all__ = ["looked", "looked_many", "record", "seal", "verify_chain"]
