"""Parquet to DuckDB: load, build, check, publish. The only package that imports duckdb and pyarrow."""
