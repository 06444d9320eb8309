"""Reports: DIR/report.html out of what a lab left in DIR, its results.json and figures, without training again."""

from chainrule.labs.report.page import write_report

__all__ = ["write_report"]
