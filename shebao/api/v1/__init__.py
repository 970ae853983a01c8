"""Version 1. What stands here may grow, but nothing of it changes its meaning or goes away."""
