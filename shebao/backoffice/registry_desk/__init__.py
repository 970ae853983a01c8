"""登记台: the employers of an office; their registration, clerks, standing and inspections (AGY-2)."""
