"""The Parquet that benchmarks make up is what the flow would write: it builds, and passes every check."""

from benchmarks.synthetic import RUN, each_its_own, write_articles
from tests.warehouse.newsroom import PROJECT, Newsroom
from warehouse.build import build_warehouse


def test_made_up_articles_build(newsroom: Newsroom) -> None:
    write_articles(newsroom.root, 5, 25)
    build_warehouse(newsroom.root, PROJECT, RUN, each_its_own)
    assert newsroom.rows("select count(*) from marts.articles") == [(20,)]
    [(mentions, citations)] = newsroom.rows(
        "select (select count(*) from marts.mentions), (select count(*) from marts.citations)"
    )
    assert mentions > 300
    assert citations > 0
