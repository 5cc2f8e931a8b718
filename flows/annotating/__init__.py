"""An article's text to mentions, topics, key phrases and citations."""
