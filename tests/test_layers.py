"""Who may import what: Arrow and DuckDB are known to the warehouse alone."""

import ast
from pathlib import Path

FLOWS = Path(__file__).resolve().parents[1] / "flows"


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_flows_import_neither_arrow_nor_duckdb() -> None:
    modules = sorted(FLOWS.rglob("*.py"))
    assert modules
    assert [path.name for path in modules if imported(path) & {"pyarrow", "duckdb"}] == []
