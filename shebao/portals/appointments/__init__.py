"""业务预约: employers and people book a time at an office. Each step is an address; nothing needs a script."""
