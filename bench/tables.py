"""Numbers as tables on the terminal, and as one JSON document."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """What has been measured so far: printed as it comes, kept for ``--json``."""

    sections: dict[str, Any] = field(default_factory=dict)

    def table(self, section: str, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Prints one table; its first column is a name, the others are numbers or words."""
        print(f"\n{title}")
        cells = [list(map(str, header)), *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
        for row in cells:
            first, *rest = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
            print("  " + "  ".join([row[0].ljust(widths[0]), *rest]) if first else "")
        self.sections.setdefault(section, []).append({"title": title, "header": list(header), "rows": cells[1:]})

    def note(self, section: str, sentence: str) -> None:
        """Prints a sentence that belongs to the numbers above."""
        print(f"  {sentence}")
        self.sections.setdefault(section, []).append({"note": sentence})


def spread(values: Sequence[float], digits: int = 2) -> str:
    """``median (least-most)``."""
    if len(values) == 1:
        return f"{values[0]:,.{digits}f}"
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
