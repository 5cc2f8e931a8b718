"""Runs by the clock: the flow served as a Prefect deployment with a local server where none is given."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.daily import daily  # sets what Prefect reads from the environment, so it comes first

from prefect import serve  # isort: skip
from prefect.client.orchestration import get_client  # isort: skip

SERVER_START_SECONDS = 180
