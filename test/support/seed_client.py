#!/usr/bin/env python3
"""The client of the file-socket render pair, as its seed text describes it.

Written from the text of the seed alone ("File-Socket IPC Implementation":
cmd.json, out.raw, TXT/RECT/HALT), so that a renderer is tested against a
peer that shares no code and no reading of the protocol with it.  Python 3,
standard library only.

The habits are the seed's, kept on purpose:

  * cmd.json is written in place (opened for writing, then json.dump): a
    reader can see it empty or incomplete;
  * a stale out.raw is deleted only AFTER the command has been written, so
    an answer that comes very fast is lost (--late-delete-ms widens this
    race by waiting before the deletion);
  * then out.raw is polled for; its length must be exactly
    width * height * 4; it is read and removed;
  * a command with no answer in time is counted, and the next one is sent;
    a late answer to it may then be taken for the next one's.

Commands carry no identity in the seed, so every program here draws another
picture: its number as text, and one or two rectangles outside the text's
rows whose pixels no other program of the run has.  All of it lies on the
canvas (except a number too long for a very narrow canvas).  Program i
depends on the seed, the canvas and i, not on how many programs there are.

One JSON object is printed at the end:

  programs            commands sent
  answered            answers of the right length (wrong_bytes among them)
  timeouts            commands with no answer in time
  wrong_length        commands whose out.raw had another length when seen
  wrong_bytes         answers whose SHA-256 is not the expected one
  answers_to_another  those of wrong_bytes that are another program's picture
  checked             answers compared with an expected SHA-256 (0 without
                      --expect)
  late_deletes        out.raw files deleted just after writing a command
  partial_sightings   looks at an out.raw of another length; differs from
                      wrong_length only with --on-wrong-length wait
  seconds             the whole run
  latency_ms          p50, p99, max over the answered commands, from the
                      start of writing the command to the answer being read;
                      null when nothing was answered

programs == answered + timeouts + wrong_length, always.

The exit status is 0 when the run went through, whatever was counted.
"""

import argparse
import hashlib
import json
import os
import sys
import time

GLYPH_HEIGHT = 7
GLYPH_ADVANCE = 6
MIN_SIDE = 16


class Generator:
    """SplitMix64: small, and the same in every version of Python."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed & self.MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def between(self, low, high):
        """A whole number from low to high, both included."""
        return low + self.next() % (high - low + 1)


def covered(rects, width):
    """The pixels that rects cover, as one integer: bit y * width + x."""
    pixels = 0
    for x, y, w, h in rects:
        row = ((1 << w) - 1) << x
        for line in range(y, y + h):
            pixels |= row << (line * width)
    return pixels


def make_programs(count, seed, width, height):
    """count programs (source texts), all with different pictures."""
    gen = Generator(seed)
    seen = set()
    programs = []
    for i in range(count):
        text = "program %d" % i
        if len(text) * GLYPH_ADVANCE > width:
            text = str(i)
        text_x = gen.between(0, max(0, width - len(text) * GLYPH_ADVANCE))
        text_y = gen.between(0, height - GLYPH_HEIGHT)
        # The rectangles go into the larger part above or below the text.
        below = text_y + GLYPH_HEIGHT
        top, bottom = (0, text_y) if text_y > height - below else (below, height)
        for _ in range(10000):
            rects = []
            for _ in range(gen.between(1, 2)):
                w = gen.between(1, width)
                h = gen.between(1, bottom - top)
                x = gen.between(0, width - w)
                y = gen.between(top, bottom - h)
                rects.append((x, y, w, h))
            key = hashlib.sha256(b"%x" % covered(rects, width)).digest()
            if key not in seen:
                seen.add(key)
                break
        else:
            raise RuntimeError("no further distinct program fits the canvas")
        lines = ["TXT %d %d %s" % (text_x, text_y, text)]
        lines += ["RECT %d %d %d %d" % rect for rect in rects]
        lines.append("HALT")
        programs.append("\n".join(lines))
    return programs


def load_expected(path, count):
    """The expected SHA-256 (hex) of each program, from JSON lines."""
    expected = {}
    with open(path, "r", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                entry = json.loads(line)
                expected[entry["i"]] = entry["sha256"].lower()
    missing = [i for i in range(count) if i not in expected]
    if missing:
        raise RuntimeError("%s: no entry for program %d (%d missing)"
                           % (path, missing[0], len(missing)))
    if len(set(expected[i] for i in range(count))) != count:
        print("seed_client: %s: some expected hashes are equal; answers for "
              "another program may go unnoticed" % path, file=sys.stderr)
    return expected


class Client:
    """One command at a time through cmd.json and out.raw of a directory."""

    def __init__(self, directory, options):
        self.cmd_path = os.path.join(directory, "cmd.json")
        self.out_path = os.path.join(directory, "out.raw")
        self.poll = options.poll_ms / 1000.0
        self.timeout = options.timeout_ms / 1000.0
        self.late_delete = options.late_delete_ms / 1000.0
        self.wait_for_length = options.on_wrong_length == "wait"
        self.late_deletes = 0
        self.partial_sightings = 0

    def render(self, code, width, height):
        """("answered", bytes), ("timeouts", None) or ("wrong_length", None)."""
        command = {
            "op": "render_program",
            "code": code,
            "width": width,
            "height": height,
            "format": "RGBA",
        }
        with open(self.cmd_path, "w") as f:
            json.dump(command, f)
        deadline = time.monotonic() + self.timeout

        # The late delete: an answer already there is lost with the stale one.
        if self.late_delete > 0:
            time.sleep(self.late_delete)
        if self._remove_output():
            self.late_deletes += 1

        wanted = width * height * 4
        while True:
            data = self._read_output(wanted)
            if data is not None:
                if len(data) == wanted:
                    self._remove_output()
                    return "answered", data
                self.partial_sightings += 1
                if not self.wait_for_length:
                    self._remove_output()
                    return "wrong_length", None
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeouts", None
            time.sleep(min(self.poll, left))

    def _read_output(self, wanted):
        """The bytes of out.raw, b"" if its length is wrong, None if absent."""
        try:
            if os.path.getsize(self.out_path) != wanted:
                return b""
            with open(self.out_path, "rb") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def _remove_output(self):
        try:
            os.remove(self.out_path)
            return True
        except FileNotFoundError:
            return False


def percentile(ordered, percent):
    """The nearest-rank percentile of a sorted list."""
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def run(options, programs, expected):
    os.makedirs(options.directory, exist_ok=True)
    client = Client(options.directory, options)
    known = set(expected[i] for i in range(len(programs))) if expected else set()
    counts = {"answered": 0, "timeouts": 0, "wrong_length": 0}
    checked = wrong_bytes = answers_to_another = 0
    latencies = []

    begin = time.monotonic()
    for i, code in enumerate(programs):
        sent = time.monotonic()
        outcome, data = client.render(code, options.width, options.height)
        latency = (time.monotonic() - sent) * 1000.0
        counts[outcome] += 1
        if outcome != "answered":
            continue
        latencies.append(latency)
        if expected:
            checked += 1
            digest = hashlib.sha256(data).hexdigest()
            if digest != expected[i]:
                wrong_bytes += 1
                if digest in known:
                    answers_to_another += 1
    seconds = time.monotonic() - begin

    latencies.sort()
    latency_ms = {"p50": None, "p99": None, "max": None}
    if latencies:
        latency_ms = {
            "p50": round(percentile(latencies, 50), 3),
            "p99": round(percentile(latencies, 99), 3),
            "max": round(latencies[-1], 3),
        }
    return {
        "programs": len(programs),
        "answered": counts["answered"],
        "timeouts": counts["timeouts"],
        "wrong_length": counts["wrong_length"],
        "wrong_bytes": wrong_bytes,
        "answers_to_another": answers_to_another,
        "checked": checked,
        "late_deletes": client.late_deletes,
        "partial_sightings": client.partial_sightings,
        "seconds": round(seconds, 3),
        "latency_ms": latency_ms,
    }


def emit(path, programs, width, height):
    with open(path, "w", encoding="utf-8") as f:
        for i, code in enumerate(programs):
            entry = {"i": i, "code": code, "width": width, "height": height}
            f.write(json.dumps(entry) + "\n")


def parse_arguments(argv):
    parser = argparse.ArgumentParser(
        description="Client of the file-socket render pair, with the seed's habits.")
    parser.add_argument("directory", metavar="SOCKET_DIR",
                        help="directory of cmd.json and out.raw")
    parser.add_argument("--programs", type=int, required=True, metavar="N",
                        help="number of programs, all different")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--expect", metavar="FILE",
                        help='JSON lines {"i":..., "sha256":...}')
    parser.add_argument("--emit-programs", metavar="FILE",
                        help="write the programs as JSON lines and exit")
    parser.add_argument("--poll-ms", type=float, default=20)
    parser.add_argument("--timeout-ms", type=float, default=2000,
                        help="per command")
    parser.add_argument("--late-delete-ms", type=float, default=0,
                        help="wait before the late delete of out.raw")
    parser.add_argument("--on-wrong-length", choices=("fail", "wait"), default="fail",
                        help="an out.raw of another length ends the command and "
                             "is removed (fail, the default), or is looked at "
                             "again at the next poll (wait)")
    options = parser.parse_args(argv)
    if options.programs < 0:
        parser.error("--programs must not be negative")
    if options.width < MIN_SIDE or options.height < MIN_SIDE:
        parser.error("--width and --height must be at least %d" % MIN_SIDE)
    if options.poll_ms <= 0 or options.timeout_ms <= 0:
        parser.error("--poll-ms and --timeout-ms must be positive")
    if options.late_delete_ms < 0:
        parser.error("--late-delete-ms must not be negative")
    return options


def main(argv=None):
    options = parse_arguments(argv)
    try:
        programs = make_programs(options.programs, options.seed,
                                 options.width, options.height)
        if options.emit_programs:
            emit(options.emit_programs, programs, options.width, options.height)
            return 0
        expected = None
        if options.expect:
            expected = load_expected(options.expect, options.programs)
        result = run(options, programs, expected)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # any failure of the client itself
        print("seed_client: %s: %s" % (type(error).__name__, error), file=sys.stderr)
        return 1
    print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
