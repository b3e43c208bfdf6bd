"""Checklists that a judge proposes for each item, and what researchers make of them."""
