/** The software GPU of the tests: how it is unpacked, where it leads, and what becomes of suites without it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { startProgram } from './child.ts';
import { describeWithGpu, gpuSuite } from './software-gpu.ts';
import {
  noSoftwareGpu,
  SOFTWARE_GPU,
  softwareGpuEnvironment,
  unpackSoftwareGpu,
} from './software-gpu-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const why = noSoftwareGpu();
const NAMES = ['libvk_swiftshader.so', 'libvulkan.so.1', 'unpacked.json', 'vk_swiftshader_icd.json'];

const emptyPlace = (): typeof SOFTWARE_GPU => ({
  ...SOFTWARE_GPU,
  folder: join(temporaryFolder(), "it's/software gpu"),
});

/** Every file with its digest. */
const read = (folder: string): [string, string][] =>
  readdirSync(folder)
    .sort()
    .map((name) => [name, sha256Hex(readFileSync(join(folder, name)))]);

describe.skipIf(why !== undefined)(`the software GPU${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  it('is unpacked once, and found whole after that', () => {
    const place = emptyPlace();
    expect(unpackSoftwareGpu(place)).toBe(true);
    expect(readdirSync(place.folder).sort()).toEqual(NAMES);
    expect(unpackSoftwareGpu(place)).toBe(false);
    expect(readdirSync(dirname(place.folder))).toEqual(['software gpu']);
  });

  it.each<[string, (folder: string) => void]>([
    ['lost a file', (folder) => rmSync(join(folder, 'libvulkan.so.1'))],
    ['lost half a file', (folder) => truncateSync(join(folder, 'libvk_swiftshader.so'), 3_000_000)],
    ['never got its last file', (folder) => rmSync(join(folder, 'unpacked.json'))],
    ['has half of its last file', (folder) => truncateSync(join(folder, 'unpacked.json'), 9)],
    [
      'came from another version of the package',
      (folder) => {
        const mark = readFileSync(join(folder, 'unpacked.json'), 'utf8');
        writeFileSync(join(folder, 'unpacked.json'), mark.replace(/"version":"\d+/, '"version":"1'));
      },
    ],
    ['is empty', (folder) => readdirSync(folder).forEach((name) => void rmSync(join(folder, name)))],
  ])('is replaced when it %s', (_, harm) => {
    const place = emptyPlace();
    unpackSoftwareGpu(place);
    const whole = read(place.folder);
    harm(place.folder);
    expect(unpackSoftwareGpu(place)).toBe(true);
    expect(read(place.folder)).toEqual(whole);
    expect(readdirSync(dirname(place.folder))).toEqual(['software gpu']);
  });

  it('is whole after four processes unpacked it at once over a torn one', async () => {
    const place = emptyPlace();
    mkdirSync(place.folder, { recursive: true });
    writeFileSync(join(place.folder, 'libvulkan.so.1'), 'torn');
    const children = [1, 2, 3, 4].map(() => startProgram('software-gpu-command', [place.folder]));
    for (const child of children) expect(await child.ended, child.output()).toMatchObject({ code: 0 });
    expect(unpackSoftwareGpu(place)).toBe(false);
    expect(readdirSync(dirname(place.folder))).toEqual(['software gpu']);
  });

  it('says what is wrong with an archive, and leaves nothing', () => {
    const folder = temporaryFolder();
    const chromium = join(folder, 'chromium');
    cpSync(join(SOFTWARE_GPU.chromium, 'package.json'), join(chromium, 'package.json'));
    mkdirSync(join(chromium, 'bin'));
    // One brotli stream of nothing: a tar without any file.
    writeFileSync(join(chromium, 'bin/swiftshader.tar.br'), Buffer.of(0x3b));
    const place = { chromium, folder: join(folder, 'cache/gpu') };
    expect(noSoftwareGpu(place)).toBeUndefined();
    expect(() => unpackSoftwareGpu(place)).toThrow(/^tar ended with 2: .*libvk_swiftshader/s);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });

  it('is exported by what the command prints, beside the libraries that were there', () => {
    const { folder } = emptyPlace();
    const command = join(import.meta.dirname, '../../dist/test/support/software-gpu-command.js');
    const script = `eval "$("$0" "$1" "$2" 2>&3)" && printf '%s\\n' "$VK_DRIVER_FILES" "$LD_LIBRARY_PATH"`;
    const told = (libraries: string): string[] =>
      execFileSync('sh', ['-c', `exec 3>/dev/null; ${script}`, process.execPath, command, folder], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, LD_LIBRARY_PATH: libraries },
      })
        .trim()
        .split('\n');
    expect(told('')).toEqual([join(folder, 'vk_swiftshader_icd.json'), folder]);
    expect(told('/one:/two')[1]).toBe(`${folder}:/one:/two`);
    expect(told(`${folder}:/one`)[1]).toBe(`${folder}:/one`);
  });
});

describe('what the software GPU needs', () => {
  it('is named where the package is not installed', () => {
    const folder = temporaryFolder();
    expect(noSoftwareGpu({ chromium: folder, folder })).toMatch(
      process.platform === 'linux' && process.arch === 'x64' ? /chromium is not installed/ : /linux on x64/,
    );
  });

  it('is named by two variables', () => {
    const place = { chromium: '/c', folder: '/f' };
    expect(softwareGpuEnvironment(place, '')).toEqual({
      VK_DRIVER_FILES: '/f/vk_swiftshader_icd.json',
      LD_LIBRARY_PATH: '/f',
    });
  });
});

describe('a suite that needs a GPU', () => {
  it('runs with one, is skipped without, and fails without where one is required', () => {
    expect(gpuSuite({ adapter: 'a' }, undefined)).toBe('runs');
    expect(gpuSuite({ adapter: 'a' }, '1')).toBe('runs');
    expect(gpuSuite({ why: 'none' }, undefined)).toEqual({ skipped: 'none' });
    expect(gpuSuite({ why: 'none' }, '0')).toEqual({ skipped: 'none' });
    expect(gpuSuite({ why: 'none' }, '1')).toEqual({ fails: 'none' });
  });
});

describeWithGpu('the GPU of the tests', () => {
  it('is the adapter that WebGPU gives to a test', async () => {
    const { create } = await import('webgpu');
    const adapter = await create([]).requestAdapter();
    expect(inject('gpu')).toEqual({ adapter: expect.stringContaining(adapter?.info.device ?? 'an adapter') });
    if (process.env.VK_DRIVER_FILES?.startsWith(SOFTWARE_GPU.folder))
      expect(adapter?.info.isFallbackAdapter).toBe(true);
  });
});
