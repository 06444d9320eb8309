"""Reports: DIR/report.html out of what a lab left in DIR, its results.json and figures, without training again."""

from chainrule.faces.report.report import write_report

__all__ = ["write_report"]
