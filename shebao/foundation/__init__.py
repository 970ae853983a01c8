"""Value types, clock, named SQL, ids: what every other package stands on.

It imports nothing of ours and knows nothing of insurance.
"""
