"""What others may see of a name or a number: enough to recognise one's own, too little to learn a stranger's."""


def name(full: str) -> str:
    """李小明 → 李*明, 李明 → 李*."""
    if len(full) <= 2:
        return full[:1] + "*" * (len(full) - 1)
    return full[0] + "*" * (len(full) - 2) + full[-1]


def id_number(full: str) -> str:
    """The first and last four: 4201**********0037."""
    return _middle(full, 4, 4)


def mobile(full: str) -> str:
    """The first three and last four: 131****0000."""
    return _middle(full, 3, 4)


def bank_card(full: str) -> str:
    """The last four alone."""
    return _middle(full, 0, 4)


def email(full: str) -> str:
    """The first letter and the domain: w***@example.org."""
    box, at, domain = full.partition("@")
    return f"{box[:1]}***{at}{domain}" if at else "*" * len(full)


def _middle(full: str, head: int, tail: int) -> str:
    if len(full) <= head + tail:
        return "*" * len(full)
    return full[:head] + "*" * (len(full) - head - tail) + full[-tail:]
