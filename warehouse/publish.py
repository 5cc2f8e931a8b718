"""Putting a finished warehouse where people look: one symlink, swapped by rename.

Readers that hold the old file keep their snapshot; a new connection sees the new one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from warehouse.parquet import batch_ids, fsync
from warehouse.query import QueryError, query


class Published(NamedTuple):
    """What was published: `link` is what people open, `path` the version it points to."""

    link: Path
    path: Path
    run_id: str
    fingerprint: str


def build_fingerprint(root: Path, project: Path, annotator_version: str) -> str:
    """32 hex digits of everything that the warehouse is made from.

    That is sql/, seeds/*.csv, warehouse/*.py, the annotator's version and the committed batches. Equal
    to `published_fingerprint` when there is nothing to do.
    """
    digest = hashlib.sha256(annotator_version.encode())
    for pattern in ("sql/*/*.sql", "seeds/*.csv", "warehouse/*.py"):
        for path in sorted(project.glob(pattern)):
            digest.update(f"\0{path.relative_to(project)}\0".encode() + path.read_bytes())
    for kind in ("parsed", f"annotated/{annotator_version}"):
        for batch_id in batch_ids(root, kind):
            digest.update(f"\0{kind}/{batch_id}".encode())
    return digest.hexdigest()[:32]


def published_fingerprint(root: Path) -> str | None:
    """Fingerprint of the published warehouse; None when there is none, or none that can be read."""
    link = root / "news.duckdb"
    if not link.exists():
        return None
    try:
        _, rows = query(link, "select fingerprint from raw.build")
    except QueryError:
        return None
    return str(rows[0][0]) if rows else None


def publish_warehouse(root: Path, building: Path, run_id: str, keep: int = 3) -> Path:
    """Rename a closed, checked database into `versions/` and point `news.duckdb` to it; its path.

    Keeps the `keep` newest versions, the published one always. Raises RuntimeError when the database was
    not closed (a `.wal` beside it would corrupt what readers see).
    """
    if building.with_name(building.name + ".wal").exists():
        raise RuntimeError(f"{building} was not closed: it has a write-ahead log")
    fsync(building)
    version = root / "versions" / f"news-{run_id}.duckdb"
    building.rename(version)
    fsync(version.parent)
    swap = root / f".news.duckdb-{run_id}"
    swap.unlink(missing_ok=True)
    swap.symlink_to(Path("versions") / version.name)
    swap.rename(root / "news.duckdb")
    fsync(root)
    versions = sorted(version.parent.glob("news-*.duckdb"), reverse=True)
    for old in versions[keep:]:
        if old != version:
            old.unlink()
    return version
