/** The command line itself: help, usage, settings, and how a fault becomes words and an exit code. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT, EXIT_MEANINGS } from '../../cli/exit-codes.ts';
import { explain } from '../../cli/explain.ts';
import { buildProgram } from '../../cli/program.ts';
import { Refusal } from '../../cli/refusal.ts';
import { HostFault, PeerFault } from '../../shared/faults.ts';
import { SETTINGS } from '../../shared/settings.ts';
import { VERSION } from '../../shared/version.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.clear());

describe('the command line', () => {
  it('prints its version', async () => {
    expect(await place.process(['--version'])).toEqual({ code: EXIT.ok, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('ends its help with the table of exit codes', async () => {
    const { code, stdout } = await place.process(['--help']);
    expect(code).toBe(EXIT.ok);
    const rows = Object.entries(EXIT).map(
      ([name, number]) => `  ${String(number).padStart(2)}  ${EXIT_MEANINGS[name as keyof typeof EXIT]}\n`,
    );
    expect(stdout.endsWith(`Exit codes:\n${rows.join('')}`)).toBe(true);
  });

  it('gives every command a description and examples', () => {
    const commands = buildProgram(() => {}).commands.flatMap((one) =>
      one.commands.length > 0 ? one.commands : [one],
    );
    expect(commands.map((one) => one.name())).toContain('status');
    for (const command of commands) {
      let help = '';
      command.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      command.outputHelp();
      expect(command.description(), command.name()).not.toBe('');
      expect(help, command.name()).toMatch(/\nExamples:\n {2}.*gvpie /);
    }
  });

  it('names each setting in the help of a command that uses all', async () => {
    const { stdout } = await place.process(['status', '--help']);
    for (const { env, flag } of Object.values(SETTINGS)) {
      expect(stdout).toContain(env);
      expect(stdout).toContain(flag);
    }
  });

  it.each([
    [['rnder'], "gvpie: unknown command 'rnder' (Did you mean render?)\nhint: gvpie --help\n"],
    [['rnder', '--help'], "gvpie: unknown command 'rnder' (Did you mean render?)\nhint: gvpie --help\n"],
    [['help', 'rnder'], "gvpie: unknown command 'rnder' (Did you mean render?)\nhint: gvpie --help\n"],
    [['script', 'lst', '--help'], '(Did you mean list?)\nhint: gvpie script --help\n'],
    [
      ['why', 'a.png', 'a', '1'],
      'gvpie: Expected a whole number from 0 to 16383 for X, found "a"\nhint: gvpie why --help\n',
    ],
    [['script', 'lst'], '(Did you mean list?)\nhint: gvpie script --help\n'],
    [['render'], "missing required argument 'FILE'"],
    [['ping', 'twice'], 'got 1.\nhint: gvpie ping --help\n'],
    [['ping', '--jsn'], 'Did you mean --json?'],
    [['runs', '--limit', '0'], 'Expected a whole number from 1 to 1000000'],
    [['check', '-', '--size', '64'], 'Expected a width and a height'],
    [['check', '-', '--size', '16385x1'], 'Expected canvas width from 1 to 16384 pixels, found 16385'],
    [['script', 'add', 'a', '--lang', 'perl'], 'Allowed choices are pixel, gvpie, cartridge, python'],
  ])('refuses %j as wrong usage', async (args, words) => {
    const { code, stdout, stderr } = await place.process(args);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(words);
  });

  it.each([
    [['render', '--help'], 'Usage: gvpie render '],
    [['help', 'render'], 'Usage: gvpie render '],
    [['script', 'list', '--help'], 'Usage: gvpie script list '],
    [['help'], 'Usage: gvpie '],
    [['--version'], ''],
  ])('prints what %j asks for', async (args, words) => {
    const { code, stdout, stderr } = await place.process(args);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toContain(words);
  });

  it('prints its help as a complaint when no command is given', async () => {
    const { code, stdout, stderr } = await place.process([]);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain('Usage: gvpie');
  });
});

describe('settings of commands', () => {
  it('takes a flag before the environment, and refuses a bad flag by its name', async () => {
    const { code, stderr } = await place.process(['ping', '--timeout-ms', '99'], {
      env: { GVPIE_TIMEOUT_MS: '500' },
    });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toBe('gvpie: Expected --timeout-ms to be 100 to 3600000 milliseconds, found "99"\n');
  });

  it('refuses a bad value of the environment by its name', async () => {
    const { code, stderr } = await place.process(['status'], {
      env: { GVPIE_DOOR: 'window', GVPIE_POLL_MS: '0' },
    });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toBe(
      'gvpie: Expected GVPIE_DOOR to be auto | slot | spool, found "window"\n' +
        'gvpie: Expected GVPIE_POLL_MS to be 1 to 60000 milliseconds, found "0"\n',
    );
  });

  it('is not refused for a bad value of a setting that the command does not use', async () => {
    const { code } = await place.process(['check', '-'], { input: 'HALT', env: { GVPIE_DOOR: 'window' } });
    expect(code).toBe(EXIT.ok);
  });
});

describe('a working folder that was removed', () => {
  const there = (...words: string[]) => {
    const main = join(import.meta.dirname, '../../dist/cli/main.js');
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const args = ['-c', script, 'sh', process.execPath, main, ...words];
    return spawnSync('sh', args, { cwd: place.folder, encoding: 'utf8' });
  };

  it.each([['status'], ['check', 'x.pxl'], ['up', '--once']])('is told of in words: %s %s', (...words) => {
    const { status, stderr } = there(...words);
    expect(status).toBe(EXIT.badInput);
    expect(stderr).toBe(
      'gvpie: Expected a working folder, found that it was removed\nhint: cd to one that is there\n',
    );
  });

  it('is no hindrance where nothing in it is asked for', () => {
    expect(there('reference', 'RECT')).toMatchObject({ status: EXIT.ok, stderr: '' });
  });
});

describe('a fault', () => {
  const heard = (error: unknown): { code: number; words: string } => {
    let words = '';
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      words += String(text);
      return true;
    });
    try {
      return { code: explain(error), words };
    } finally {
      spy.mockRestore();
    }
  };

  it.each([
    [new Refusal(EXIT.unavailable, 'nobody'), EXIT.unavailable, 'gvpie: nobody\n'],
    [new Refusal(EXIT.badInput, 'bad', 'better'), EXIT.badInput, 'gvpie: bad\nhint: better\n'],
    [
      new HostFault('write', 'p', 'full', { retryable: true, hint: 'free' }),
      EXIT.internal,
      'gvpie: full\nhint: free\n',
    ],
    [new PeerFault('FILE-E001', 'odd'), EXIT.badInput, 'gvpie: odd\n'],
  ])('of a known kind is said in its own words: %s', (error, code, words) => {
    const plain = heard(error);
    expect(plain.code).toBe(code);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour, where the tests run on a terminal.
    expect(plain.words.replace(/\x1b\[\d+m/g, '')).toBe(words);
  });

  it('of ours is internal, with its stack', () => {
    const fault = heard(new TypeError('x is not a function'));
    expect(fault.code).toBe(EXIT.internal);
    expect(fault.words).toContain('internal fault: x is not a function');
    expect(fault.words).toContain('    at ');
  });
});
