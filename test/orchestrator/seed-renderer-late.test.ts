import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goodProgram } from '../support/good-program.ts';
import { Pair } from '../support/pair.ts';
import { endRenderer } from '../support/renderer-process.ts';
import { startSeedRenderer } from '../support/seed-renderer.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { waitUntil } from '../support/wait-until.ts';

const FAST = ['--loop-ms', '20'];
const SCRIPTS = 8;

/** A pair with the seed's renderer, its line clear: the next renderer's first picture is a script's. */
async function clear(...flags: string[]) {
  const pair = new Pair();
  const first = await startSeedRenderer(pair.socket, ...FAST);
  const orchestrator = await pair.orchestrator('--door', 'slot', ...flags);
  await pair.run('hello_gpu');
  await endRenderer(first);
  return { pair, orchestrator };
}

function feed(pair: Pair): void {
  for (let n = 0; n < SCRIPTS; n++) pair.insert(`s${n}`, goodProgram(n));
}

describe('a renderer built from the seed', () => {
  it('that answers after its time is over has its late picture pressed into no other script’s cartridge', async () => {
    const { pair } = await clear('--timeout-ms', '500');
    await startSeedRenderer(pair.socket, ...FAST, '--stall-once-ms', '1500');
    feed(pair);
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(pair.runs().filter((run) => run.outcome === 'failed').length).toBeGreaterThan(0);
    const [late] = pair.runs('s0');
    expect(JSON.parse(late?.stderr ?? '').error.code).toBe('RUN-E006');
  });

  it('that is slow to answer the first probe is waited for', async () => {
    const pair = new Pair();
    await startSeedRenderer(pair.socket, ...FAST, '--stall-once-ms', '3000');
    await pair.orchestrator('--door', 'slot');
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(pair.runs()).toHaveLength(1);
  });

  it('that is killed and comes back loses no script', async () => {
    const { pair } = await clear('--timeout-ms', '500');
    feed(pair);
    for (let n = 0; n < 3; n++) {
      const renderer = await startSeedRenderer(pair.socket, ...FAST, '--stall-ms', '50');
      const before = pair.runs().filter((run) => run.outcome === 'success').length;
      await waitUntil(
        'another success',
        () => pair.runs().filter((run) => run.outcome === 'success').length > before,
      );
      await endRenderer(renderer, 'SIGKILL');
    }
    await startSeedRenderer(pair.socket, ...FAST);
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
  });

  it('that still holds a dead orchestrator’s question has its answer taken for nobody else’s', async () => {
    const { pair, orchestrator } = await clear();
    await startSeedRenderer(pair.socket, ...FAST, '--stall-once-ms', '1000');
    feed(pair);
    await waitUntil('a question', () => existsSync(join(pair.socket, 'cmd.json')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    orchestrator.process.kill('SIGKILL');
    await orchestrator.ended;
    await pair.orchestrator('--door', 'slot');
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(pair.runs().map((run) => run.outcome)).toContain('interrupted');
  });
});
