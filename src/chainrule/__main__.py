"""``python -m chainrule`` is the command ``chainrule``."""

import signal


def main() -> None:
    """Run the command line; as long as it is only being read, Ctrl-C ends it without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from chainrule.cli import program  # noqa: PLC0415  # not before Ctrl-C is quiet

    program()


if __name__ == "__main__":
    main()
