"""An article's text to mentions, topics, key phrases and citations."""

import sys
from types import ModuleType

# Whoever imports spaCy gets its command line with it, which takes half of the time: projects, downloads, a
# client for the web. Nobody asks for it here, so an empty one stands in its place.
for _name in ("spacy.cli", "spacy.cli.info"):
    sys.modules.setdefault(_name, ModuleType(_name)).__dict__.setdefault("info", None)
