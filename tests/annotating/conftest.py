"""What the tests of the annotator share."""

import pytest

from flows.annotating.entity_gazetteer import Gazetteer
from tests.annotating.findings import seeds_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The names of the seeds, read once."""
    return seeds_gazetteer()
