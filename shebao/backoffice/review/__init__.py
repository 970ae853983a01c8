"""审核台: where officers decide on cases, row by row or all at once."""
