#!/usr/bin/env python3
"""The renderer of the file-socket render pair, as its seed text describes it.

Written from the text of the seed alone ("File-Socket IPC Implementation":
cmd.json, out.raw, TXT/RECT/HALT, 5x7 font), so that a client is tested
against a peer that shares no code and no reading of the protocol with it.
Python 3, standard library only.

Every --loop-ms it looks whether SOCKET_DIR/cmd.json has another
modification time, inode or size than the last one handled; one that is
there at the start counts as new.  JSON that is unreadable or incomplete is
left alone and tried again at the next look.  A command is rendered white
on opaque black and written to out.raw IN PLACE, in three pieces with short
sleeps between, so that a reader can see a partial file.  There is no reply
other than out.raw, and cmd.json is not deleted.  A command or program that
is refused is named on standard error and gets no out.raw.

Where the seed says nothing, this is the reading taken here:

  * x, y is the upper left corner; what lies off the canvas is clipped;
  * each character advances 6 pixels; a character that the font lacks is
    drawn as the outline of its 5x7 cell; without --font text is skipped;
  * blank lines and lines starting with # are ignored; a line that is no
    complete TXT, RECT or HALT, or a negative width or height, refuses the
    program; nothing after HALT is looked at, and HALT may be missing;
  * "format" may be missing; if given, it must be "RGBA".

Standard error gets one line when watching begins and one per render.
SIGTERM and SIGINT end the program with status 0.
"""

import argparse
import hashlib
import json
import os
import random
import re
import signal
import sys
import time

GLYPH_WIDTH = 5
GLYPH_HEIGHT = 7
GLYPH_ADVANCE = 6
MISSING_GLYPH = (31, 17, 17, 17, 17, 17, 31)
MAX_SIDE = 16384
WHITE = b"\xff\xff\xff\xff"
BLACK = b"\x00\x00\x00\xff"
NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


class Refused(Exception):
    """A command or program that this renderer does not render."""


def log(message):
    try:
        print("seed_renderer: " + message, file=sys.stderr, flush=True)
    except OSError:
        pass  # nobody reads standard error any more; rendering goes on


def load_font(path):
    """{code point: (7 rows)}; the leftmost pixel of a row is bit 4.

    A key is a code point in decimal ("65"), or in hexadecimal as "U+0041"
    or "0x41".
    """
    with open(path, "r", encoding="utf-8") as f:
        table = json.load(f)
    font = {}
    for key, rows in table.items():
        if key[:2].lower() in ("u+", "0x"):
            codepoint = int(key[2:], 16)
        else:
            codepoint = int(key, 10)
        if len(rows) != GLYPH_HEIGHT or not all(
                isinstance(row, int) and 0 <= row < 32 for row in rows):
            raise ValueError("glyph %s is not 7 rows of 5 bits" % key)
        font[codepoint] = tuple(rows)
    return font


class Canvas:
    """Opaque black RGBA pixels, row after row."""

    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.pixels = bytearray(BLACK * (width * height))

    def rect(self, x, y, w, h):
        left, right = max(x, 0), min(x + w, self.width)
        if left >= right:
            return
        run = WHITE * (right - left)
        for row in range(max(y, 0), min(y + h, self.height)):
            at = (row * self.width + left) * 4
            self.pixels[at:at + len(run)] = run

    def text(self, x, y, text, font):
        for character in text:
            if x >= self.width:
                break
            rows = font.get(ord(character), MISSING_GLYPH)
            for dy, bits in enumerate(rows):
                for dx in range(GLYPH_WIDTH):
                    if bits >> (GLYPH_WIDTH - 1 - dx) & 1:
                        self.rect(x + dx, y + dy, 1, 1)
            x += GLYPH_ADVANCE


def numbers(words, number, line):
    for word in words:
        if not NUMBER.fullmatch(word):
            raise Refused("line %d: %r is not a number" % (number, word))
    return [int(word) for word in words]


def render(code, width, height, font=None):
    """The RGBA bytes of a program; raises Refused."""
    canvas = Canvas(width, height)
    for number, line in enumerate(code.split("\n"), 1):
        line = line.rstrip("\r")
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words == ["HALT"]:
            break
        if words[0] == "TXT" and len(words) >= 4:
            x, y = numbers(words[1:3], number, line)
            if font is not None:
                canvas.text(x, y, line.split(None, 3)[3], font)
        elif words[0] == "RECT" and len(words) == 5:
            x, y, w, h = numbers(words[1:], number, line)
            if w < 0 or h < 0:
                raise Refused("line %d: negative size" % number)
            canvas.rect(x, y, w, h)
        else:
            raise Refused("line %d: not understood: %r" % (number, line[:80]))
    return bytes(canvas.pixels)


def check_command(command):
    """(code, width, height) of a command; raises Refused."""
    if not isinstance(command, dict):
        raise Refused("the command is not a JSON object")
    if command.get("op") != "render_program":
        raise Refused("unknown op: %r" % (command.get("op"),))
    if command.get("format", "RGBA") != "RGBA":
        raise Refused("unknown format: %r" % (command.get("format"),))
    if not isinstance(command.get("code"), str):
        raise Refused("code is not a text")
    for side in ("width", "height"):
        value = command.get(side)
        if type(value) is not int or not 1 <= value <= MAX_SIDE:
            raise Refused("%s is not a whole number from 1 to %d" % (side, MAX_SIDE))
    return command["code"], command["width"], command["height"]


def signature(status):
    return status.st_mtime_ns, status.st_ino, status.st_size


class Renderer:
    """Watches cmd.json of a directory and answers with out.raw."""

    def __init__(self, directory, options, font):
        self.cmd_path = os.path.join(directory, "cmd.json")
        self.out_path = os.path.join(directory, "out.raw")
        self.loop = options.loop_ms / 1000.0
        self.stall = options.stall_ms / 1000.0
        self.stall_once = options.stall_once_ms / 1000.0
        self.font = font
        self.handled = None
        self.renders = 0

    def watch(self):
        log("watching " + self.cmd_path)
        while True:
            self.look()
            time.sleep(self.loop)

    def look(self):
        """Handle cmd.json if it is a new and complete one."""
        try:
            if signature(os.stat(self.cmd_path)) == self.handled:
                return
            with open(self.cmd_path, "rb") as f:
                seen = signature(os.fstat(f.fileno()))
                text = f.read()
                if signature(os.fstat(f.fileno())) != seen:
                    return  # being written; the next look will tell
            command = json.loads(text.decode("utf-8"))
        except (OSError, ValueError, RecursionError):
            return  # absent, unreadable or incomplete; the next look will tell
        self.handled = seen
        try:
            self.answer(*check_command(command))
        except Refused as refusal:
            log("refused: %s" % refusal)
        except OSError as error:
            log("out.raw not written: %s" % error)

    def answer(self, code, width, height):
        begin = time.monotonic()
        data = render(code, width, height, self.font)
        stall = self.stall + (self.stall_once if self.renders == 0 else 0)
        if stall > 0:
            time.sleep(max(0, begin + stall - time.monotonic()))
        self.write_in_place(data)
        self.renders += 1
        log("render %d %dx%d sha256=%s %.1f ms" % (
            self.renders, width, height, hashlib.sha256(data).hexdigest(),
            (time.monotonic() - begin) * 1000.0))

    def write_in_place(self, data):
        third = len(data) // 3
        with open(self.out_path, "wb") as f:
            for piece in (data[:third], data[third:2 * third]):
                f.write(piece)
                f.flush()
                time.sleep(random.uniform(0.001, 0.002))
            f.write(data[2 * third:])


def leave(_number, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(0)


def parse_arguments(argv):
    parser = argparse.ArgumentParser(
        description="Renderer of the file-socket render pair, with the seed's habits.")
    parser.add_argument("directory", metavar="SOCKET_DIR",
                        help="directory of cmd.json and out.raw")
    parser.add_argument("--loop-ms", type=float, default=100,
                        help="time between two looks at cmd.json")
    parser.add_argument("--font", metavar="FILE",
                        help='JSON object {"codepoint": [7 rows of 5 bits]}; '
                             "without it text is skipped")
    parser.add_argument("--stall-ms", type=float, default=0,
                        help="debugging: each render takes this long")
    parser.add_argument("--stall-once-ms", type=float, default=0,
                        help="debugging: the first render takes this long (more)")
    options = parser.parse_args(argv)
    if options.loop_ms <= 0:
        parser.error("--loop-ms must be positive")
    if options.stall_ms < 0 or options.stall_once_ms < 0:
        parser.error("a stall must not be negative")
    return options


def main(argv=None):
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    options = parse_arguments(argv)
    font = None
    try:
        if options.font:
            font = load_font(options.font)
        os.makedirs(options.directory, exist_ok=True)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log("%s: %s" % (type(error).__name__, error))
        return 1
    Renderer(options.directory, options, font).watch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
