"""A reader of cartridges after docs/cartridge.md and the PNG specification, from Python's standard library alone.

For each file it prints a line of JSON: what the file by itself settles, whether all records are canonical, and its texts.
"""

import hashlib
import json
import struct
import sys
import zlib

KINDS = {"cartridge_type": b"tEXt", "checksum": b"tEXt", "created_at": b"tEXt", "gvpie": b"iTXt", "gvpie_run": b"iTXt"}
SIGNATURE = "gvpie_signature"


class Damaged(Exception):
    pass


def need(is_so, code):
    if not is_so:
        raise Damaged(code)


def chunks(data):
    need(data[:8] == b"\x89PNG\r\n\x1a\n", "CART-E001")
    at = 8
    while at < len(data):
        need(at + 12 <= len(data), "CART-E002")
        length, kind = struct.unpack_from(">I4s", data, at)
        need(length < 2**31, "CART-E004")
        need(at + 12 + length <= len(data), "CART-E002")
        body = data[at + 8 : at + 8 + length]
        need(zlib.crc32(kind + body) == struct.unpack_from(">I", data, at + 8 + length)[0], "CART-E003")
        yield kind, body
        at += 12 + length
        if kind == b"IEND":
            return need(at == len(data), "CART-E016")
    raise Damaged("CART-E017")


def canonical(value):
    """RFC 8785, for whole numbers and for those that Python and JavaScript write alike."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def international(rest):
    text = rest[2:].split(b"\0", 2)[2]
    return zlib.decompress(text) if rest[0] else text


def pixels(width, height, depth, kind, palette, stream):
    step = 4 if kind == 6 else 1
    stride = (width * depth * step + 7) // 8
    rows = zlib.decompress(stream)
    need(len(rows) == height * (stride + 1), "CART-E008" if len(rows) < height * (stride + 1) else "CART-E009")
    above, out = bytearray(stride), bytearray()
    for y in range(height):
        start = y * (stride + 1)
        method, row = rows[start], bytearray(rows[start + 1 : start + 1 + stride])
        for i in range(stride if method else 0):
            left, up = row[i - step] if i >= step else 0, above[i]
            corner = above[i - step] if i >= step else 0
            guess = left + up - corner
            nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            row[i] = (row[i] + (0, left, up, (left + up) // 2, nearest)[method]) & 255
        above = row
        if kind == 6:
            out += row
        else:
            for x in range(width):
                bit = x * depth
                out += palette[row[bit >> 3] >> (8 - depth - (bit & 7)) & ((1 << depth) - 1)]
    return out


def read(path):
    texts, signatures, order, palette, stream, header = {}, [], [], [], b"", None
    for kind, body in chunks(open(path, "rb").read()):
        if kind == b"IHDR":
            header = struct.unpack(">IIBB3x", body)
        elif kind == b"PLTE":
            palette = [body[at : at + 3] + b"\xff" for at in range(0, len(body), 3)]
        elif kind == b"IDAT":
            stream += body
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, rest = body.split(b"\0", 1)
            keyword = keyword.decode("latin-1")
            order.append(keyword)
            if keyword == SIGNATURE:
                need(kind == b"iTXt", "CART-E012")
                signatures.append(international(rest))
            elif keyword in KINDS:
                need(kind == KINDS[keyword] and keyword not in texts, "CART-E012")
                texts[keyword] = international(rest) if kind == b"iTXt" else rest
    need({"gvpie", "cartridge_type", "checksum"} <= texts.keys(), "CART-E011")
    records = [json.loads(text) for text in (texts["gvpie"], *signatures)]
    label = records[0]
    canvas = (label["canvas"]["width"], label["canvas"]["height"])
    used = hashlib.sha256(canonical(label["used"]).encode()).hexdigest() if "used" in label else None
    is_one = texts["checksum"].decode() == label["checksum"] and canvas == header[:2] and used == label.get("uses")
    need(is_one and texts["cartridge_type"].decode() == label["cartridge_type"], "CART-E015")
    verdict = "ok"
    if hashlib.sha256(pixels(*header, palette, stream)).hexdigest() != label["checksum"]:
        verdict = "pixels-differ"
    if hashlib.sha256(label["program"].encode()).hexdigest() != label["program_sha256"]:
        verdict = "program-checksum"
    digest = hashlib.sha256(texts["gvpie"]).hexdigest()
    written = zip(records, (texts["gvpie"], *signatures))
    return {
        "verdict": verdict,
        "canonical": all(canonical(record).encode() == text for record, text in written),
        "order": order,
        "signed": [record["label_digest"] == digest for record in records[1:]],
    }


for path in sys.argv[1:]:
    try:
        print(json.dumps(read(path)))
    except Damaged as fault:
        print(json.dumps({"verdict": "damaged", "code": str(fault)}))
