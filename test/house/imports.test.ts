/** Who may import whom, over the real tree; and for each rule a made-up module that it must object to. */
import { describe, expect, it } from 'vitest';
import {
  daemonsKnowInterfacesOnly,
  daemonsStayApart,
  endsAreNotImported,
  geometryStaysApart,
  importsOf,
  noCycles,
  packagesHaveOneDoor,
  pureImportsPure,
  pureMentionsNoWorld,
  type Rule,
  shadesStayApart,
  targetsExist,
} from './import-rules.ts';
import { readModules } from './tree-files.ts';

type Modules = Readonly<Record<string, string>>;

/** `breaks`: module maps that the rule must object to, once each. `keeps`: a near miss it must let pass. */
interface Case {
  readonly title: string;
  readonly rule: Rule;
  readonly breaks: readonly Modules[];
  readonly keeps: Modules;
}

const CASES: readonly Case[] = [
  {
    title: 'the orchestrator and the renderer never import each other, and shared/ imports neither',
    rule: daemonsStayApart,
    breaks: [
      { 'orchestrator/decide.ts': "import { render } from '../renderer/render.ts';" },
      { 'renderer/render.ts': "import type { Due } from '../orchestrator/decide.ts';" },
      { 'renderer/render.ts': "export { decide } from '../orchestrator/decide.ts';" },
      { 'shared/canvas.ts': "const late = await import('../renderer/render.ts');" },
    ],
    keeps: {
      'cli/up.ts': "import { a } from '../renderer/a.ts';\nimport { b } from '../orchestrator/b.ts';",
    },
  },
  {
    title: 'nothing imports a program, the tests or the bench',
    rule: endsAreNotImported,
    breaks: [
      { 'shared/a.ts': "import { b } from '../cli/b.ts';" },
      { 'renderer/a.ts': "import { b } from '../test/b.ts';" },
      { 'cli/a.ts': "import { b } from '../bench/b.ts';" },
      { 'cli/a.ts': "import '../renderer/main.ts';" },
      { 'renderer/a.ts': "import './main.ts';" },
    ],
    keeps: {
      'cli/main.ts': "import { table } from './table.ts';\nimport { domain } from '../shared/domain.ts';",
    },
  },
  {
    title: 'every relative import names a module that exists',
    rule: targetsExist,
    breaks: [
      { 'shared/a.ts': "import { b } from './b.ts';" },
      { 'shared/a.ts': "import { b } from './b.js';", 'shared/b.ts': '' },
    ],
    keeps: { 'shared/a.ts': "import { b } from './b.ts';", 'shared/b.ts': '' },
  },
  {
    title: 'pure code imports pure code and functions of their input only',
    rule: pureImportsPure,
    breaks: [
      { 'renderer/render.ts': "import { read } from './host/inbox.ts';" },
      { 'renderer/render.ts': "import type { Inbox } from './host/inbox.ts';" },
      { 'orchestrator/decide.ts': "import { serve } from './daemon.ts';" },
      { 'shared/bytes.ts': "import { readFileSync } from 'node:fs';" },
      { 'shared/bytes.ts': "import { createHash, randomBytes } from 'node:crypto';" },
      { 'shared/bytes.ts': "import * as crypto from 'node:crypto';" },
      { 'shared/bytes.ts': "import {\n  deflate,\n} from 'node:zlib';" },
      { 'shared/protocol/spool.ts': "import { uuidv7 } from 'uuidv7';" },
      { 'orchestrator/cron.ts': "import { Cron } from 'croner';" },
      { 'shared/protocol/spool.ts': "import pino from 'pino';" },
      { 'shared/protocol/spool.ts': "import { join, resolve } from 'node:path/posix';" },
    ],
    keeps: {
      'shared/bytes.ts':
        "import { createHash, hash } from 'node:crypto';\nimport { crc32, inflateSync } from 'node:zlib';",
      'shared/protocol/spool.ts':
        "import { UUID } from 'uuidv7';\nimport { z } from 'zod';\nimport '../bytes.ts';",
      'shared/host/files.ts': "import { open } from 'node:fs/promises';\nimport { x } from '../bytes.ts';",
      'renderer/main.ts': "import { open } from 'node:fs/promises';",
    },
  },
  {
    title: 'the two daemons know the types of their doors only',
    rule: daemonsKnowInterfacesOnly,
    breaks: [
      { 'renderer/daemon.ts': "import { openInbox } from './host/inbox.ts';" },
      { 'renderer/daemon.ts': "import { type Inbox } from './host/inbox.ts';" },
      { 'orchestrator/daemon.ts': "import { readFile } from 'node:fs/promises';" },
    ],
    keeps: {
      'renderer/daemon.ts':
        "import type { Inbox } from './host/inbox.ts';\nimport { render } from './render.ts';",
    },
  },
  {
    title: 'geometry imports shared/ and the exact arithmetic of the machine only',
    rule: geometryStaysApart,
    breaks: [
      { 'renderer/geometry/line.ts': "import { Refused } from '../machine/refused.ts';" },
      { 'renderer/geometry/line.ts': "import type { Bitmap } from '../display/list.ts';" },
      { 'renderer/geometry/line.ts': "import { TILE_SIZE } from '../raster/layout.ts';" },
      { 'renderer/geometry/line.ts': "import { z } from 'zod';" },
    ],
    keeps: {
      'renderer/geometry/line.ts':
        "import { LIMITS } from '../../shared/limits.ts';\nimport { squareRoot } from '../machine/integer.ts';",
      'renderer/geometry/sector.ts':
        "import { sine } from '../machine/trigonometry.ts';\nimport { line } from './line.ts';",
      'renderer/machine/sketch.ts': "import { line } from '../geometry/line.ts';",
    },
  },
  {
    title: 'shades import shared/ and the exact arithmetic of the machine only',
    rule: shadesStayApart,
    breaks: [
      { 'renderer/shade/shade.ts': "import type { Program } from '../language/ast.ts';" },
      { 'renderer/shade/shader.ts': "import { Refused } from '../machine/refused.ts';" },
      { 'renderer/shade/shader.ts': "import { blended } from '../raster/mixing.ts';" },
      { 'renderer/shade/shader.ts': "import { createHash } from 'node:crypto';" },
    ],
    keeps: {
      'renderer/shade/shader.ts':
        "import { hash } from '../machine/chance.ts';\nimport { scriptOf } from './script.ts';",
      'renderer/raster/shading.ts': "import { shaderOf } from '../shade/shader.ts';",
      'renderer/display/list.ts': "import type { Shade } from '../shade/shade.ts';",
    },
  },
  {
    title: 'pure code and the daemons mention no clock, no chance and no process',
    rule: pureMentionsNoWorld,
    breaks: [
      { 'renderer/render.ts': 'const home = process.env.HOME;' },
      { 'renderer/daemon.ts': 'const now = Date.now();' },
      { 'renderer/render.ts': 'const now = new Date();' },
      { 'renderer/render.ts': 'const start = performance.now();' },
      { 'renderer/render.ts': 'const dice = Math.random();' },
      { 'renderer/render.ts': 'const id = crypto.randomUUID();' },
      { 'renderer/render.ts': 'setTimeout(render, 10);' },
    ],
    keeps: {
      'renderer/render.ts': '// Date.now() is for hosts\n/* process.env too */ const day = new Date(0);',
      'renderer/host/desk.ts': 'const now = Date.now();',
    },
  },
  {
    title: 'each package has one door',
    rule: packagesHaveOneDoor,
    breaks: [
      { 'renderer/host/desk.ts': "import { watch } from 'chokidar';" },
      { 'renderer/host/desk.ts': "import Database from 'better-sqlite3';" },
      { 'renderer/host/gpu/engine.ts': "import { create } from 'webgpu';" },
      { 'renderer/main.ts': "import { pino } from 'pino';" },
      { 'renderer/main.ts': "import { Command } from 'commander';" },
      { 'renderer/render.ts': "import { PNG } from 'pngjs';" },
      { 'orchestrator/schedule.ts': "import { CronPattern } from 'croner';" },
      { 'cli/table.ts': "import chalk from 'chalk';" },
    ],
    keeps: {
      'renderer/host/inbox.ts': "import { watch } from 'chokidar';",
      'shared/host/lock.ts': "import Database from 'better-sqlite3';",
      'orchestrator/host/run-table.ts': "import type { Database } from 'better-sqlite3';",
      'orchestrator/cron.ts': "import { CronDate, CronPattern } from 'croner';",
    },
  },
  {
    title: 'no module imports itself by any way round',
    rule: noCycles,
    breaks: [
      { 'shared/a.ts': "import './a.ts';" },
      { 'shared/a.ts': "import { b } from './b.ts';", 'shared/b.ts': "import type { a } from './a.ts';" },
      {
        'shared/x.ts': "import './a.ts';",
        'shared/a.ts': "import './b.ts';",
        'shared/b.ts': "import './c.ts';",
        'shared/c.ts': "export * from './a.ts';",
      },
    ],
    keeps: {
      'shared/a.ts': "import './b.ts';\nimport './c.ts';",
      'shared/b.ts': "import './d.ts';",
      'shared/c.ts': "import './d.ts';",
      'shared/d.ts': "// import './a.ts';",
    },
  },
];

describe('who may import whom', () => {
  const tree = readModules();

  it('reads the real tree', () => {
    expect(tree.has('shared/canvas.ts')).toBe(true);
    expect(importsOf('shared/canvas.ts', tree.get('shared/canvas.ts') ?? '')).toContainEqual({
      specifier: './limits.ts',
      target: 'shared/limits.ts',
      typeOnly: false,
      names: ['LIMITS'],
    });
  });

  it.each(CASES)('$title', ({ rule }) => {
    expect(rule(tree)).toEqual([]);
  });

  it.each(CASES)('objects where it is broken: $title', ({ rule, breaks, keeps }) => {
    for (const modules of breaks) {
      expect(rule(new Map(Object.entries(modules))), JSON.stringify(modules)).toHaveLength(1);
    }
    expect(rule(new Map(Object.entries(keeps)))).toEqual([]);
  });
});
