"""Filing: the screens that employers and people share to start, fill in, submit and follow a case.

Each page authorises, parses, calls one deed of casework and renders. What isn't yours is 404.
"""
