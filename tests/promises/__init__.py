"""What the house promises of itself: short tests that read the code, the SQL, the tables and the routes."""
