"""A terminal: terminal.py COLUMNS ROWS COMMAND... runs a command on one and prints what it prints.

Lines of JSON on standard input: {"type": "keys"}, {"size": [columns, rows]}, {"signal": 15} (to the command),
{"close": true} (the terminal, under the command's hands). Ends as the command does, by a signal with 128 and its
number, after a word on standard error: whether the terminal echoes as it did before.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def resize(columns, rows):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def end(mode):
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print(mode, file=sys.stderr)
    sys.exit(code if code >= 0 else 128 - code)


ready, go = os.pipe()
pid, master = pty.fork()
if pid == 0:
    os.close(go)
    os.read(ready, 1)
    os.execvp(sys.argv[3], sys.argv[3:])
os.close(ready)
resize(int(sys.argv[1]), int(sys.argv[2]))
os.close(go)

told = b""
listening = [master, 0]
while True:
    readable, _, _ = select.select(listening, [], [])
    if master in readable:
        try:
            printed = os.read(master, 65536)
        except OSError:
            printed = b""
        if not printed:
            break
        os.write(1, printed)
    if 0 in readable:
        more = os.read(0, 65536)
        if not more:
            listening.remove(0)
        *lines, told = (told + more).split(b"\n")
        for line in map(json.loads, lines):
            if "type" in line:
                os.write(master, line["type"].encode())
            if "size" in line:
                resize(*line["size"])
            if "signal" in line:
                os.kill(pid, line["signal"])
            if "close" in line:
                os.close(master)
                end("closed")

echoes = termios.tcgetattr(master)[3] & (termios.ECHO | termios.ICANON)
end("cooked" if echoes == termios.ECHO | termios.ICANON else "raw")
