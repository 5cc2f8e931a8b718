"""Articles to sets of articles: copies of one text, reports of one event.

Both look at the whole collection, from what the annotator kept of each text, but compare only what the
last run did not: what it found is kept in Parquet. From nothing the outcome is the same.
"""
