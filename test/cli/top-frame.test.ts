/** The frames of `gvpie top`: they fit every terminal, whatever stands in the database, and say what there is. */
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../cli/cells.ts';
import { halfBlocks, type Room } from '../../cli/half-blocks.ts';
import { styleOf } from '../../cli/style.ts';
import { type TopShow, topFrame } from '../../cli/top-frame.ts';
import { type TopModel, topJson } from '../../cli/top-model.ts';
import type { WatchedCartridge } from '../../orchestrator/watching.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { ago, busyModel, held, NOW_MS, renderer, WATCHED } from '../support/top-model.ts';

const PLAIN = styleOf({ isTTY: false });
const DRESSED = styleOf({ isTTY: true }, {});
const ESCAPE = new RegExp(`${'\x1b'}\\[[\\d;]*m`, 'g');

/** A white border on black, with one white pixel in the middle. */
function picture({ width, height }: WatchedCartridge): Uint8Array {
  const pixels = new Uint8Array(4 * width * height);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isLit = x === 0 || y === 0 || x === width - 1 || y === height - 1 || (x === 8 && y === 6);
    pixels.fill(isLit ? 255 : 0, 4 * at, 4 * at + 3);
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}

function showOn(columns: number, rows: number, more: Partial<TopShow> = {}): TopShow {
  return {
    room: { columns, rows },
    style: PLAIN,
    hasKeys: true,
    thumbnail: (cartridge, room) => halfBlocks(picture(cartridge), cartridge, room, 'characters'),
    ...more,
  };
}

const SIZES: readonly (readonly [number, number])[] = [
  [40, 10],
  [80, 24],
  [200, 60],
];

const NASTY = '\x1b[2J\x1b]0;owned\x07\r\n\u202e\u2028データ「漢字」❤\ufe0f🎨e\u0301\t';

/** Names and reasons that anybody may have written, and a hundred of everything. */
function nastyModel(): TopModel {
  const many = <Item>(item: (n: number) => Item): Item[] => Array.from({ length: 100 }, (_, n) => item(n));
  const error = { code: NASTY, message: NASTY.repeat(500) };
  return busyModel(
    {
      socket: `/tmp/${NASTY}`,
      renderers: many((n) =>
        renderer(n, {
          renderer: NASTY,
          adapter: NASTY,
          health: 'degraded',
          in_hand: [{ ...held(NASTY, n, 7), phase: NASTY, since: NASTY }],
        }),
      ),
    },
    {
      totals: { queued: 1_000_000, waiting: 999_999, running: 100, dead: 77 },
      running: many((n) => ({
        ...WATCHED.running[0]!,
        jobId: n,
        scriptName: NASTY,
        slot: NASTY,
        startedAt: NASTY,
      })),
      jobs: many((n) => ({ jobId: n, scriptName: NASTY, slot: NASTY, waits: NASTY.repeat(10) })),
      failures: many(() => ({
        ...WATCHED.failures[0]!,
        finishedAt: NASTY,
        scriptName: NASTY,
        stderr: JSON.stringify({ status: 'error', retryable: true, error }),
      })),
      slots: many(() => ({ scriptName: NASTY, at: NASTY })),
      cartridges: many((n) => ({ fileName: `${n}`, scriptName: NASTY, width: 300 + n, height: 200 })),
    },
  );
}

/** What a terminal would object to in a frame. */
function objections(lines: readonly string[], { columns, rows }: Room): string[] {
  const all = lines.map((line) => line.replace(ESCAPE, ''));
  return [
    ...(lines.length > rows ? [`${lines.length} rows`] : []),
    ...all.filter((line) => cellWidth(line) > columns).map((line) => `too wide: ${line}`),
    ...all.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line)).map((line) => `control: ${line}`),
  ];
}

describe('a frame', () => {
  it.each(SIZES)('fits %i×%i, with names of wide and control characters, dressed or not', (columns, rows) => {
    for (const model of [busyModel(), nastyModel()]) {
      for (const style of [PLAIN, DRESSED]) {
        for (const hasKeys of [true, false]) {
          const frame = topFrame(model, showOn(columns, rows, { style, hasKeys }));
          expect(objections(frame, { columns, rows })).toEqual([]);
        }
      }
    }
  });

  it('fits every terminal from 1×1 to 130×50, seed 1', () => {
    const random = seededBetween(1);
    const models = [busyModel(), nastyModel()] as const;
    for (let n = 0; n < 200; n++) {
      const room = { columns: random(2, 130), rows: random(1, 50) };
      const frame = topFrame(models[n % 2] as TopModel, showOn(room.columns, room.rows));
      expect(objections(frame, room), `${room.columns}×${room.rows}`).toEqual([]);
    }
    expect(objections(topFrame(busyModel(), showOn(1, 1)), { columns: 1, rows: 1 })).toEqual([]);
  });

  it('has the date of a time of another day, and says of a fault that it is tried again only where it is', () => {
    const at = (ms: number) => new Date(NOW_MS + ms).toISOString();
    const slots = [1_000, 39 * 86_400_000].map((ms, n) => ({ scriptName: `s${n}`, at: at(ms) }));
    const model = busyModel({}, { slots });
    const lines = topFrame(model, showOn(100, 60)).map((line) => line.trim());
    expect(lines.find((line) => line.endsWith('s0'))).toMatch(/^\d\d:\d\d:\d\d +in 1 s +s0$/);
    expect(lines.find((line) => line.endsWith('s1'))).toBe(
      `${at(39 * 86_400_000)
        .slice(0, 19)
        .replace('T', ' ')}  in 39 d  s1`,
    );
    const failed = { ...model, database: { ...model.database, note: 'Could not', isFailed: true } };
    const first = (hasKeys: boolean) => topFrame(failed, showOn(100, 60, { hasKeys }))[1];
    expect([first(true), first(false)]).toEqual(['Could not; it is tried again', 'Could not']);
  });

  it('would be objected to where a line is a cell too wide, a row too many, or obeyed', () => {
    const [columns, rows] = [80, 24];
    const frame = topFrame(busyModel(), showOn(columns, rows));
    expect(objections(frame, { columns, rows: frame.length - 1 })).toHaveLength(1);
    expect(objections([...frame.slice(1), `${'漢'.repeat(40)}a`], { columns, rows })).toHaveLength(1);
    expect(objections([...frame.slice(1), 'a\x07'], { columns, rows })).toHaveLength(1);
  });

  it('says on 40×10 who is there, what is under way, what is queued and how fast it goes', () => {
    expect(topFrame(busyModel(), showOn(40, 10))).toEqual([
      'gvpie top 0.1.0  2026-11-20T12:00:05Z  …',
      'orchestrators 2, …',
      '  pid 4711  up for 2 h  1 under way',
      'renderers     2 at /tmp/gvpie, …',
      '  r4713-0a1b2c3d  ok  2 in hand, for 12…',
      'in flight     2 (1 shown)',
      '  17  plasma  r3    12 s  painting 33 %…',
      'queue         12 queued, 3 of them wait…',
      'rates         2.4/s in 10 s (0 failed),…',
      'q quits, space freezes',
    ]);
  });

  it('says on 80×24 all there is, with progress, reasons and thumbnails', () => {
    expect(topFrame(busyModel(), showOn(80, 24)).map((line) => line.trimEnd())).toMatchInlineSnapshot(`
      [
        "gvpie top 0.1.0  2026-11-20T12:00:05Z  /srv/gvpie/db/daemon.db",
        "orchestrators 2",
        "  pid 4711  up for 2 h  1 under way",
        "  pid 4712  up for 2 h  1 under way",
        "renderers     2 at /tmp/gvpie, …",
        "  r4713-0a1b2c3d  ok  2 in hand, for 12 s    slot and spool  cpu (typescript)",
        "    the command in the slot: painting 25 %, in hand for 3 s",
        "in flight     2",
        "  17  plasma  r3    12 s  ███░░░░░░░  painting 33 % at r4713-0a1b2c3d",
        "  21  sales   r1  200 ms  ··········  running at r4714-0a1b2c3d",
        "queue         12 queued, 3 of them waiting; 1 dead (2 shown)",
        "  22  tiles   r1 {"count":2}",
        "  18  report  r2              waits for plasma",
        "rates         2.4/s in 10 s (0 failed), 0.4/s in 1 min (1 failed)",
        "failures      the newest 1",
        "  11:59:45  poster  refused  1:9 PXL-E007: Expected w, found the end of the line",
        "schedules     the next times",
        "  12:00:10  in 5 s  clock",
        "cartridges    the newest 2 pictures",
        "▓▀▀▀▀▀▀▀▀▀▓   ▓▀▀▀▀▀▀▓",
        "▒         ▓   ▓   ▄  ▓",
        "▄▄▄▄▄▄▄▄▄▄█   ▓▄▄▄▄▄▄▓",
        "city          bars.png",
        "q quits, space freezes",
      ]
    `);
  });

  it('is as tall as what there is to say, and a row is the same whatever its neighbours are', () => {
    const tall = topFrame(busyModel(), showOn(80, 60));
    expect(tall.length).toBeLessThan(40);
    const idle = topFrame(
      busyModel({}, { running: [], totals: { ...WATCHED.totals, running: 0 } }),
      showOn(80, 60),
    );
    expect(tall.filter((line) => !idle.includes(line)).map((line) => line.slice(0, 22))).toEqual([
      '  pid 4711  up for 2 h',
      '  pid 4712  up for 2 h',
      'in flight     2',
      '  17  plasma  r3    12',
      '  21  sales   r1  200 ',
    ]);
  });

  it('shows thumbnails by their exact half-blocks, beside each other, with their names below', () => {
    const cartridges = [
      { fileName: 'a.png', scriptName: 'a', width: 12, height: 6 },
      { fileName: 'b.png', scriptName: null, width: 4, height: 2 },
    ];
    const frame = topFrame(busyModel({}, { cartridges }), showOn(80, 60));
    const at = frame.findIndex((line) => line.startsWith('cartridges'));
    // 24 cells for each picture and 2 between them: shrunk by none.
    const [first, second] = [12, 4].map((width) => width) as [number, number];
    expect(frame.slice(at, at + 8).map((line) => line.trimEnd())).toEqual([
      'cartridges    the newest 2 pictures',
      `█${'▀'.repeat(first - 2)}█${' '.repeat(14)}${'█'.repeat(second)}`,
      `█${' '.repeat(first - 2)}█`,
      `█${'▄'.repeat(first - 2)}█`,
      '',
      '',
      '',
      'a                         b.png',
    ]);
  });

  it('shows thumbnails in colours, each as wide as its picture, and in place of one that cannot be shown its size', () => {
    const cartridges = [
      { fileName: 'b.png', scriptName: 'b', width: 2, height: 2 },
      { fileName: 'gone.png', scriptName: 'gone', width: 640, height: 480 },
    ];
    const thumbnail: TopShow['thumbnail'] = (cartridge, room) =>
      cartridge.fileName === 'gone.png'
        ? undefined
        : halfBlocks(picture(cartridge), cartridge, room, 'true colour');
    const frame = topFrame(busyModel({}, { cartridges }), showOn(80, 60, { thumbnail }));
    const at = frame.findIndex((line) => line.startsWith('cartridges'));
    const white = '255;255;255';
    expect(frame[at + 1]).toBe(`\x1b[38;2;${white};48;2;${white}m▀▀\x1b[0m${' '.repeat(24)}640×480`);
  });

  it('fills more shelves where there is room, and shows no picture where there is none', () => {
    const cartridges = Array.from({ length: 9 }, (_, n) => ({
      fileName: `${n}.png`,
      scriptName: `p${n}`,
      width: 24,
      height: 12,
    }));
    const names = (rows: number): string[] =>
      topFrame(busyModel({}, { cartridges }), showOn(80, rows)).flatMap(
        (line) => line.match(/\bp\d\b/g) ?? [],
      );
    expect(names(60)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8']);
    expect(names(30)).toEqual(['p0', 'p1', 'p2']);
    expect(names(10)).toEqual([]);
  });

  it('says why the database cannot be read, and what was known of it before', () => {
    const model = busyModel();
    const note = 'Cannot read the database: database is locked\nreally';
    const frame = topFrame({ ...model, database: { ...model.database, note } }, showOn(80, 24));
    expect(frame[1]).toBe('Cannot read the database: database is locked␊really');
    expect(frame.some((line) => line.includes('plasma'))).toBe(true);
    const unseen = topFrame(busyModel({ socketNote: 'Cannot list /tmp/gvpie' }), showOn(80, 24));
    expect(unseen[1]).toBe('Cannot list /tmp/gvpie; it is tried again');
    const none = { ...model.database, note: 'none', watched: undefined, orchestrators: [] };
    const bare = topFrame({ ...model, database: none, renderers: [] }, showOn(80, 24));
    expect(bare.slice(1)).toEqual([
      'none',
      'orchestrators 0',
      'renderers     0 at /tmp/gvpie',
      'q quits, space freezes',
    ]);
  });

  it('says when it stands still, and names pauses, cancels and those who only stand in', () => {
    const model = busyModel(
      { isFrozen: true, renderers: [renderer(1, { health: 'degraded' })] },
      { paused: ['engine', 'pixel'], running: [{ ...WATCHED.running[0]!, cancel: true }] },
    );
    const text = topFrame(model, showOn(100, 24)).join('\n');
    for (const words of ['FROZEN', 'engine is paused; pixel is paused', 'DEGRADED', 'cancelling, under way'])
      expect(text).toContain(words);
    expect(text).toContain('space goes on');
    const calm = topFrame(busyModel(), showOn(100, 24)).join('\n');
    for (const words of ['FROZEN', 'paused', 'DEGRADED', 'cancelling']) expect(calm).not.toContain(words);
  });

  it('dresses what is wrong, and nothing where colours are off', () => {
    const model = busyModel({ renderers: [] });
    const frame = topFrame(model, showOn(80, 40, { style: DRESSED }));
    const of = (start: string): string => frame.find((line) => line.includes(start)) ?? '';
    expect(of('renderers')).toBe('\x1b[1mrenderers     \x1b[22m\x1b[33m0 at /tmp/gvpie\x1b[39m');
    expect(of('PXL-E007')).toBe(
      '\x1b[31m  11:59:45  poster  refused  1:9 PXL-E007: Expected w, found the end of the line\x1b[39m',
    );
    expect(topFrame(model, showOn(80, 40)).join('')).not.toContain('\x1b');
  });

  it('takes no more memory after 1,000 frames than after 100', { timeout: 60_000 }, async () => {
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const model = busyModel();
    const keeping: string[][] = [];
    const used = (frames: number, keep: boolean): number => {
      for (let n = 0; n < frames; n++) {
        const frame = topFrame({ ...model, nowMs: NOW_MS + n }, showOn(80, 24, { thumbnail: () => ['x'] }));
        // A string that is kept as it was put together keeps its parts.
        if (keep) keeping.push(frame.map((line) => `${n} ${line}`));
      }
      collect();
      return globalThis.process.memoryUsage().heapUsed;
    };
    const first = used(100, false);
    const grown = used(1_000, false) - first;
    expect(grown).toBeLessThan(2 ** 20);
    // The control: what is kept shows.
    expect(used(1_000, true) - first).toBeGreaterThan(2 * 2 ** 20);
  });
});

describe('the JSON of gvpie top', () => {
  it('has everything that the frame has, with progress in percent', () => {
    const json = JSON.parse(JSON.stringify(topJson(busyModel())));
    expect(Object.keys(json)).toEqual([
      ...['at', 'database', 'socket', 'orchestrators', 'renderers', 'totals', 'paused', 'running', 'queued'],
      ...['rates', 'failures', 'schedules', 'cartridges'],
    ]);
    expect(json.running).toEqual([
      {
        ...{ job: 17, script_name: 'plasma', slot: 'r3', started_at: ago(12), owner: 'o1', cancel: false },
        ...{ renderer: 'r4713-0a1b2c3d', phase: 'painting', percent: 33 },
      },
      {
        ...{ job: 21, script_name: 'sales', slot: 'r1', started_at: ago(0.2), owner: 'o2', cancel: false },
        ...{ renderer: 'r4714-0a1b2c3d', phase: 'running', percent: null },
      },
    ]);
    expect(json.rates).toEqual({
      '10_s': { succeeded: 24, failed: 0, ended_per_s: 2.4 },
      '1_min': { succeeded: 25, failed: 1, ended_per_s: 0.433 },
    });
    expect(json.orchestrators[0]).toMatchObject({ pid: 4711, running: 1 });
    expect(json.failures[0].why).toBe('1:9 PXL-E007: Expected w, found the end of the line');
  });
});
