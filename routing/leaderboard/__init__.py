"""Which model is better, as far as the labels can tell, and whether they contradict themselves in rings."""
