"""Progress: a bar with loss and accuracy on anything longer than two seconds, and only where a person watches."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue
from chainrule.processes.signals import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import Progress as RichProgress

    from chainrule.training.run import Epoch

PATIENCE = 2.0  # seconds without a bar
REFRESH = 0.1  # seconds between two looks at the accuracy


class ProgressBar:
    """A bar on standard error that appears after two seconds, if standard error is a terminal.

    Examples
    --------
    >>> with ProgressBar("training", total=100) as bar:
    ...     bar.visible
    False
    """

    def __init__(self, description: str, total: int, *, enabled: bool = True) -> None:
        self.description = description
        self.total = total
        self.enabled = enabled and sys.stderr is not None and sys.stderr.isatty()  # None where there is no console
        self.due = time.monotonic() + PATIENCE
        self.bar: RichProgress | None = None

    @property
    def visible(self) -> bool:
        """Whether the bar is on the screen."""
        return self.bar is not None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            with uninterrupted():
                self.bar.stop()

    def show(self, done: int, describe: Callable[[], str]) -> None:
        """Move the bar to ``done``, if it is time for another look; ``describe()`` is asked only then."""
        if self.enabled and (now := time.monotonic()) >= self.due:
            self.due = now + REFRESH
            if self.bar is None:
                with uninterrupted():  # half a start cannot be stopped: Ctrl-C waits for the other half
                    self.bar = self._make_bar()
                    self.bar.start()
            self.bar.update(self.bar.task_ids[0], completed=done, note=describe())

    def print(self, line: str) -> None:
        """Print a line to standard output; the bar steps aside where both are on the same screen."""
        if self.bar is None or not sys.stdout.isatty():
            print(line, flush=True)  # noqa: T201  # this is what a line of output is
        else:
            with uninterrupted():
                self.bar.stop()
                print(line, flush=True)  # noqa: T201
                self.bar.start()

    def _make_bar(self) -> RichProgress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
        )
        console = Console(stderr=True)
        bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
        bar.add_task(self.description, total=self.total, note="")
        return bar


def describe_epoch(epoch: Epoch) -> str:
    """Loss and accuracy for the bar; the loss alone where the targets are no classes.

    >>> import numpy as np
    >>> from chainrule import Epoch
    >>> describe_epoch(Epoch(0, 0.5, 0.5, np.zeros(1), {}, measure_accuracy=lambda: 0.75))
    'loss 0.50000 accuracy 0.75'
    """
    try:
        return f"{describe_loss(epoch.loss)} accuracy {epoch.accuracy:.2f}"
    except InvalidValue:
        return describe_loss(epoch.loss)


def describe_loss(loss: float) -> str:
    """Loss alone, for the bar, where epochs are not looked at one by one.

    >>> describe_loss(0.5)
    'loss 0.50000'
    """
    return f"loss {loss:.5f}"
