"""Tell the story of one hire: `python -m demo`, or show that it can fail: `python -m demo --can-fail`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from types import FrameType

from demo.can_fail import can_fail
from demo.draw import new_seed, parse_seed
from demo.faults import BY_NAME, FaultOutdatedError, planted
from demo.story import SET_UP, Plot, tell
from demo.terminal import Terminal

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if everything is as it should be, 1 if not, 130 where a person ended it."""
    options = _parse(arguments)
    terminal = Terminal.usual()
    # Asked to end, it takes its world down as at Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if options.can_fail:
            return can_fail(terminal, options.seed)
        plot = Plot(options.seed)
        with planted(BY_NAME[options.fault], plot) if options.fault else nullcontext(plot) as chosen:
            return tell(terminal, chosen)
    except FaultOutdatedError as error:
        terminal.failed(SET_UP, "the fault is planted", "the text that it changes", str(error))
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--seed", default=new_seed(), type=_seed, help="tell the same story again")
    only_one = parser.add_mutually_exclusive_group()
    only_one.add_argument("--fault", choices=BY_NAME, help="tell it with one fault in the app or the tenant")
    only_one.add_argument("--can-fail", action="store_true", help="plant every fault, one by one")
    return parser.parse_args(arguments)


def _seed(text: str) -> str:
    try:
        parse_seed(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
