from datetime import date
def test_smoke(newsroom):
    h=newsroom.article("a", "Moon said so in Seoul, S. Korea.", title="Moon", published_on=date(2026,11,20), outlet_name="BBC", outlet_domain="news.bbc.co.uk")
    newsroom.mention(h, "Moon", "person"); newsroom.mention(h,"Seoul","place",start=16); newsroom.mention(h,"S. Korea","place",start=23)
    newsroom.citation(h,"Moon","person","Moon")
    newsroom.topic(h,"medtop:04000000")
    newsroom.build()
    for t in "articles mentions entities entity_aliases sources citations stories runs files entity_days topics article_topics entity_pairs".split():
        print(t, newsroom.rows(f"from marts.{t}"))
    assert 0
