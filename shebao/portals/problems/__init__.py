"""问题报告: employers and people report a problem, read the answers, ask on, close."""
