"""Running a causal language model over many prompts at once. What imports torch is imported where it is used."""
