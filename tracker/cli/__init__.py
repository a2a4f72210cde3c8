"""The command line: each command parses its arguments, calls one function of the product and prints what came of it."""
