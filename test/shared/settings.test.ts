import { describe, expect, it } from 'vitest';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import {
  allowanceOf,
  daemonAllowanceOf,
  readSettings,
  SETTINGS,
  SettingFault,
  type SettingName,
} from '../../shared/settings.ts';

const read = (flags: Parameters<typeof readSettings>[0], environment: Record<string, string> = {}) =>
  readSettings(flags, environment);

function fault(flags: Parameters<typeof readSettings>[0], environment: Record<string, string> = {}): string {
  try {
    readSettings(flags, environment);
  } catch (error) {
    if (error instanceof SettingFault) return error.message;
    throw error;
  }
  return 'no fault';
}

describe('readSettings', () => {
  it('gives every setting its default', () => {
    const { settings, origins } = read({});
    expect(settings).toEqual({
      socketDir: '/tmp/gvpie',
      database: 'db/daemon.db',
      cartridges: 'cartridges',
      backend: 'auto',
      door: 'auto',
      pollMs: 50,
      timeoutMs: 10_000,
      durability: 'durable',
      maxSteps: 10_000_000,
      maxShapes: 1_000_000,
      maxPixels: 536_870_912,
      maxBytes: 268_435_456,
      maxShade: 2 ** 34,
      keepRuns: 'all',
      keepLogs: 'all',
      keepCartridges: 'all',
      gcEvery: 'every 1h',
      backupDir: null,
      backupEvery: 'every 1d',
      backupKeep: 7,
      keys: '~/.config/gvpie/keys',
      log: 'info',
    });
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  it('takes a flag before the environment, and the environment before the default', () => {
    const environment = { GVPIE_POLL_MS: '20', GVPIE_DOOR: 'slot' };
    const { settings, origins } = read({ pollMs: '10' }, environment);
    expect(settings).toMatchObject({ pollMs: 10, door: 'slot', backend: 'auto' });
    expect(origins).toMatchObject({ pollMs: 'flag', door: 'environment', backend: 'default' });
  });

  it('takes an empty variable for one that is not set, and an empty flag for a mistake', () => {
    expect(read({}, { GVPIE_DB: '' }).origins.database).toBe('default');
    expect(fault({ database: '' })).toContain('--db');
  });

  it.each<[SettingName, string, string]>([
    ['pollMs', '0', '--poll-ms to be 1 to 60000 milliseconds, found "0"'],
    ['pollMs', '60001', '--poll-ms to be 1 to 60000 milliseconds, found "60001"'],
    ['pollMs', '1.5', '--poll-ms to be 1 to 60000 milliseconds, found "1.5"'],
    ['pollMs', 'fast', '--poll-ms to be 1 to 60000 milliseconds, found "fast"'],
    ['pollMs', '', '--poll-ms to be 1 to 60000 milliseconds, found ""'],
    ['timeoutMs', '99', '--timeout-ms to be 100 to 3600000 milliseconds, found "99"'],
    ['timeoutMs', '3600001', '--timeout-ms to be 100 to 3600000 milliseconds, found "3600001"'],
    ['backend', 'vulkan', '--backend to be auto | gpu | cpu, found "vulkan"'],
    ['door', 'AUTO', '--door to be auto | slot | spool, found "AUTO"'],
    ['durability', 'maybe', '--durability to be durable | fast, found "maybe"'],
    ['maxSteps', '10000001', '--max-steps to be 0 to 10000000, found "10000001"'],
    ['maxSteps', '-1', '--max-steps to be 0 to 10000000, found "-1"'],
    ['maxSteps', '', '--max-steps to be 0 to 10000000, found ""'],
    ['maxSteps', '1e3', '--max-steps to be 0 to 10000000, found "1e3"'],
    ['maxShapes', '1000001', '--max-shapes to be 0 to 1000000, found "1000001"'],
    ['maxPixels', '536870913', '--max-pixels to be 0 to 536870912, found "536870913"'],
    ['maxBytes', '268435457', '--max-bytes to be 0 to 268435456, found "268435457"'],
    ['maxShade', '1099511627777', '--max-shade to be 0 to 1099511627776, found "1099511627777"'],
    [
      'keepRuns',
      '0',
      '--keep-runs to be all, or an age such as 30d (s, m, h, d), a number such as 500, or both: 30d,500, found "0"',
    ],
    [
      'gcEvery',
      'hourly',
      '--gc-every to be a schedule by UTC, such as every 1h or cron 30 3 * * *, found "hourly"',
    ],
    ['backupDir', '', '--backup-dir to be a path, or none, found ""'],
    [
      'backupEvery',
      '',
      '--backup-every to be a schedule by UTC, such as every 1h or cron 30 3 * * *, found ""',
    ],
    ['backupKeep', '0', '--backup-keep to be 1 to 1000, found "0"'],
    ['backupKeep', '1001', '--backup-keep to be 1 to 1000, found "1001"'],
    ['log', 'loud', '--log to be trace | debug | info | warn | error | silent, found "loud"'],
    ['socketDir', '/tmp/a\0b', '--socket to be a path, found "/tmp/a\\u0000b"'],
  ])('refuses %s = %j', (name, value, message) => {
    expect(fault({ [name]: value })).toBe(`Expected ${message}`);
  });

  it.each<[SettingName, string, unknown]>([
    ['pollMs', '1', 1],
    ['pollMs', '60000', 60_000],
    ['timeoutMs', '100', 100],
    ['timeoutMs', '3600000', 3_600_000],
    ['maxSteps', '0', 0],
    ['maxShapes', '1000000', 1_000_000],
    ['maxPixels', '536870912', 536_870_912],
    ['maxBytes', '268435456', 268_435_456],
    ['maxShade', '1099511627776', 2 ** 40],
    ['keepRuns', ' 30d,500 ', '30d,500'],
    ['gcEvery', 'cron @daily', 'cron @daily'],
    ['log', 'silent', 'silent'],
  ])('accepts %s = %j', (name, value, expected) => {
    expect(read({ [name]: value }).settings[name]).toBe(expected);
  });

  it('names a bad variable by its own name, and every bad setting at once', () => {
    const message = fault({ pollMs: '0' }, { GVPIE_BACKEND: 'x', GVPIE_LOG: 'y' });
    expect(message.split('\n')).toEqual([
      'Expected GVPIE_BACKEND to be auto | gpu | cpu, found "x"',
      'Expected --poll-ms to be 1 to 60000 milliseconds, found "0"',
      expect.stringContaining('GVPIE_LOG'),
    ]);
    expect(fault({}, { GVPIE_POLL_MS: '-1' })).toContain('GVPIE_POLL_MS');
  });

  it('has defaults that pass their own check, and names that do not repeat', () => {
    const rows = Object.values(SETTINGS);
    expect(new Set(rows.map((row) => row.env)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => row.flag)).size).toBe(rows.length);
    for (const row of rows) expect(row.read(row.fallback)).toBeDefined();
  });
});

describe('allowanceOf', () => {
  it('is the settings, each in its place, and what the language allows where they say nothing', () => {
    const flags = { maxSteps: '1', maxShapes: '2', maxPixels: '3', maxBytes: '4' };
    const lowered = { ...FULL_ALLOWANCE, steps: 1, shapes: 2, pixels_written: 3, bytes: 4 };
    expect(allowanceOf(read(flags).settings)).toEqual(lowered);
    expect(allowanceOf(read({}).settings)).toEqual(FULL_ALLOWANCE);
    expect(allowanceOf({ maxPixels: 3 })).toEqual({ ...FULL_ALLOWANCE, pixels_written: 3 });
  });

  it('lets nobody who draws for himself have less of SHADEs than the language; a daemon may', () => {
    expect(allowanceOf(read({ maxShade: '5' }).settings)).toEqual(FULL_ALLOWANCE);
    expect(daemonAllowanceOf(read({ maxShade: '5', maxSteps: '1' }).settings)).toEqual({
      ...FULL_ALLOWANCE,
      steps: 1,
      shade: 5,
    });
    expect(daemonAllowanceOf(read({}).settings)).toEqual({ ...FULL_ALLOWANCE, shade: 2 ** 34 });
    expect(daemonAllowanceOf({})).toEqual(FULL_ALLOWANCE);
  });
});
