"""The tests. Most folders are none of Python's packages: pytest finds what is in them."""
