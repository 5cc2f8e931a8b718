"""Bytes of any format to documents: one module per format, each with the same one function."""
