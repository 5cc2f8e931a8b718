"""A document to an article or a rejection: one module per field of an article."""
