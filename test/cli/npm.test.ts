/** gvpie as npm runs it: from another folder than the person's, and without the flags that npm kept. */
import { existsSync, mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { type Ended, Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  mkdirSync(place.at('sub'));
});
afterEach(() => place.clear());

/** Runs gvpie in the workplace as `npm run <script>` does, called from its folder `sub`. */
const npm = (script: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  place.run(args, { env: { npm_lifecycle_event: script, INIT_CWD: place.at('sub'), ...env } });

describe('a file that is named behind npm run gvpie', () => {
  it('is looked for where the person is, and so is the picture', async () => {
    place.write('sub/a.pxl', 'HALT');
    expect((await npm('gvpie', ['check', 'a.pxl'])).code).toBe(EXIT.ok);
    expect((await npm('gvpie', ['script', 'add', 'a', 'a.pxl'])).code).toBe(EXIT.ok);
    expect((await npm('gvpie', ['render', 'a.pxl'])).stdout).toMatch(/^a\.png /);
    expect((await npm('gvpie', ['render', 'a.pxl', '-o', 'b.png'])).code).toBe(EXIT.ok);
    expect(['a.png', 'sub/a.png', 'sub/b.png'].map((path) => existsSync(place.at(path)))).toEqual([
      false,
      true,
      true,
    ]);
    expect((await npm('gvpie', ['inspect', 'a.png'])).code).toBe(EXIT.ok);
    expect((await npm('gvpie', ['verify', 'a.png'])).code).toBe(EXIT.ok);
    expect((await npm('gvpie', ['render', 'a.pxl', '-o', 'a.pxl'])).stderr).toContain('another file');
  });

  it('is named in full when it is not there', async () => {
    const { code, stderr } = await npm('gvpie', ['check', 'none.pxl']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toBe(`gvpie: Expected a program at ${place.at('sub/none.pxl')}, found no file\n`);
  });

  it('is looked for in the folder of the process behind anything else, settings always', async () => {
    place.write('a.pxl', 'HALT');
    expect((await npm('test', ['check', 'a.pxl'])).code).toBe(EXIT.ok);
    await npm('gvpie', ['script', 'add', 'a', '--code', 'HALT', '--db', 'other.db']);
    expect(existsSync(place.at('other.db'))).toBe(true);
  });
});

describe('a flag that npm took for itself', () => {
  it.each([
    ['start', ['up'], 'npm_config_once', 'npm took --once for itself: npm start -- --once'],
    ['orchestrator', ['orchestrator'], 'npm_config_once', 'npm run orchestrator -- --once'],
    [
      'gvpie',
      ['check', '-'],
      'npm_config_json',
      'npm took --json for itself: npm run gvpie -- check … --json',
    ],
    ['gvpie', ['script', 'list'], 'npm_config_json', 'npm run gvpie -- script list … --json'],
    ['renderer', ['renderer'], 'npm_config_socket', 'npm run renderer -- --socket'],
    ['start', ['up'], 'npm_config_timeout_ms', 'npm start -- --timeout-ms'],
  ])('refuses npm %s %j', async (script, args, variable, words) => {
    for (const value of ['true', '']) {
      const { code, stdout, stderr } = await npm(script, args, { [variable]: value });
      expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
      expect(stderr).toContain(words);
    }
  });

  it('is named when its value was left behind', async () => {
    const { code, stderr } = await npm('start', ['up', 'somewhere'], { npm_config_socket: 'true' });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(
      /too many arguments.*\nhint: npm took --socket for itself: npm start -- --socket\n$/,
    );
  });

  it('does not matter where it was given all the same, to another script, or to a command without it', async () => {
    const json = { npm_config_json: 'true' };
    place.write('sub/a.pxl', 'HALT');
    expect((await npm('gvpie', ['check', 'a.pxl', '--json'], json)).code).toBe(EXIT.ok);
    expect((await npm('test', ['check', 'sub/a.pxl'], json)).code).toBe(EXIT.ok);
    expect((await npm('gvpie', ['check', 'a.pxl'], { npm_config_once: 'true' })).code).toBe(EXIT.ok);
  });
});
