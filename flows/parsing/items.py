"""What a wire or a feed says of the item itself: its id, version, times, urgency and topics.

The id tells versions and withdrawals which article they are of, so it counts only where it is one for good.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from flows.parsing import dates
from flows.records import Document, Item, digest

WIRES: Final = frozenset({"newsml_g2", "newsml", "ninjs", "iptc7901"})
"""Formats whose standard wants an id that no other sender uses."""

FEEDS: Final = frozenset({"nitf", "rss", "atom"})
"""Formats whose id may be a bare number, good for its sender only."""

_URI = re.compile(r"[a-z][a-z0-9+.-]{1,20}:\S", re.IGNORECASE)
_VERSION = re.compile(r"\d{1,15}")
_TOPIC = re.compile(r"medtop:\d{8}")
_MAX_ID_CHARS = 500
_MAX_SLUGLINE_CHARS = 300


def item_of(document: Document, today: date) -> Item:
    """What the document's fields say of the item; what is not understood is left out. Never raises."""
    fields = document.fields
    item_id = _line(fields.get("id"), _MAX_ID_CHARS)
    version, urgency = _line(fields.get("version"), 20), _line(fields.get("urgency"), 20)
    topics = fields.get("topics")
    return Item(
        item_id=item_id,
        item_key=_item_key(document, item_id) if item_id else None,
        version_number=int(version) if version and _VERSION.fullmatch(version) else None,
        updated_at=stated_time(fields.get("updated"), today),
        crawled_at=stated_time(fields.get("crawled"), today),
        slugline=_line(fields.get("slugline"), _MAX_SLUGLINE_CHARS),
        urgency=int(urgency) if urgency in list("123456789") else None,
        is_summary=fields.get("is_summary") is True,
        is_correction=fields.get("signal") == "correction",
        topic_ids=tuple(t for t in topics if isinstance(t, str) and _TOPIC.fullmatch(t))
        if isinstance(topics, list)
        else (),
    )


def stated_time(value: Any, today: date) -> datetime | None:
    """The moment a value states (ISO 8601, RFC 5322), in UTC; None for anything else.

    A time without a zone is taken as UTC. A day after the one that follows `today` is no date.
    """
    stated = _line(value, 60)
    if stated is None:
        return None
    try:
        found = datetime.fromisoformat(stated)
    except ValueError:
        try:
            found = parsedate_to_datetime(stated)
        except (ValueError, IndexError):
            return None
    try:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
    if found.year < dates.EARLIEST_YEAR or found.date() > today + timedelta(days=1):
        return None
    return found


def _item_key(document: Document, item_id: str) -> str | None:
    if document.format_code in WIRES or _URI.match(item_id):
        return digest("item", item_id)
    if document.format_code in FEEDS:
        sender = _line(document.fields.get("outlet"), 200) or _line(document.fields.get("agency"), 200)
        return digest("item", (sender or "").casefold(), item_id)
    return None


def _line(value: Any, most: int) -> str | None:
    return (" ".join(value[: 2 * most].split())[:most] or None) if isinstance(value, str) else None
