"""预约窗口: the day's list with who came, and the office's counters, hours and closures."""
