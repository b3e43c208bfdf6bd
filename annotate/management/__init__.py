"""Commands: parse, call one action, say what happened."""
