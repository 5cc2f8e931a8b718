"""Articles to sets of articles: copies of one text, reports of one event."""
