"""单位办事: the employer's door. Filing is shared (`portals/filing`); here are its people and its money."""
