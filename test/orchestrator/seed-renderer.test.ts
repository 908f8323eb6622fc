import { expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { expectedPixels } from '../support/expected-pixels.ts';
import { goodProgram } from '../support/good-program.ts';
import { namesOn } from '../support/names-on.ts';
import { cli, Pair } from '../support/pair.ts';
import { rendersOf, startSeedRenderer } from '../support/seed-renderer.ts';
import { shelfObjections } from '../support/shelf-objections.ts';

const SCRIPTS = 200;

it(`${SCRIPTS} scripts through a renderer built from the seed give ${SCRIPTS} right cartridges, none lost and none twice`, {
  timeout: 120_000,
}, async () => {
  const pair = new Pair();
  const renderer = await startSeedRenderer(pair.socket);
  const orchestrator = await pair.orchestrator();
  pair.execute(`DELETE FROM improvement_scripts`);
  const begun = performance.now();
  for (let n = 0; n < SCRIPTS; n++) {
    // Canvases alike and unlike: most of the answers have the length that the next question expects.
    pair.execute(
      'INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, ?, ?, ?, ?)',
      `s${n}`,
      'pixel',
      goodProgram(n),
      n % 10 === 9 ? 64 : 128,
      n % 10 === 9 ? 128 : 64,
    );
  }
  await pair.idle(100_000);
  const seconds = (performance.now() - begun) / 1_000;
  console.log(`${SCRIPTS} scripts through the seed's renderer: ${seconds.toFixed(1)} s`);
  expect(await shelfObjections(pair)).toEqual([]);
  expect(pair.runs()).toHaveLength(SCRIPTS);
  // One probe at the start, and no question asked twice.
  expect(rendersOf(renderer)).toBe(SCRIPTS + 1);
  orchestrator.process.kill('SIGTERM');
  expect((await orchestrator.ended).code).toBe(0);

  // It says nothing of what it used; what its cartridges claim is judged by their pixels.
  const files = namesOn(pair.cartridges).slice(0, 20);
  const verify = cli('verify', '--json', ...files.map((name) => `${pair.cartridges}/${name}`));
  expect((await verify.ended).code).toBe(0);
  const [run] = pair.runs('s7');
  const { label } = pair.cartridge(run as never);
  expect(label).not.toHaveProperty('uses');
  expect(label.checksum).toBe(sha256Hex(await expectedPixels(goodProgram(7))));
});
