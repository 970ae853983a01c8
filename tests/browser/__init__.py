"""What only a real browser can tell: trips through the hall, and a look at every page."""
