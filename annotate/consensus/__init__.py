"""What a unit's annotations come to: votes about things, a rule that decides them, answers in the answer's shape."""
