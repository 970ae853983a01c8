"""个人办事: the insured person's door. Everybody sees his own record, and nobody else's."""
