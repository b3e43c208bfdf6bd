"""What the span kind is made of: its labels, and the rules for one mark."""
