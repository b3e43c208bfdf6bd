"""Measurements that anyone can run: `make bench`, or one of these files by itself."""
