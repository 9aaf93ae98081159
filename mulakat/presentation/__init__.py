"""How things are said to people: texts, numbers, times and lanes, one way for page, report and command line."""
