"""Files of news articles to Parquet: read, parse, annotate, group, in that order.

The records that pass between the stages are in `flows.records`; `flows.daily` is the flow.
"""
