/**
 * A daemon that begins quickly, to be killed often: `node storm-daemon.js renderer|orchestrator SETTINGS`.
 * Says `begin` when its modules are loaded and `ready` when it serves; keeps no journal but warnings.
 */
import { writeSync } from 'node:fs';
import { untilTold } from '../../shared/host/lifecycle.ts';
import { readSettings } from '../../shared/settings.ts';
import type { Journal } from '../../shared/world.ts';

const write = (event: string, fields: object = {}): void => {
  writeSync(1, `${JSON.stringify({ event, ...fields })}\n`);
};
const journal: Journal = { debug() {}, info() {}, warn: write, error: write };

const { settings } = readSettings(JSON.parse(process.argv[3] ?? '{}'), {});
/** Loads one daemon's modules: those of both would be a quarter of its short life. */
async function load(): Promise<() => Promise<{ stop(): Promise<void> }>> {
  if (process.argv[2] === 'renderer') {
    const { serveRenderer } = await import('../../renderer/host/serve.ts');
    return () => serveRenderer(settings, journal);
  }
  const { serveOrchestrator } = await import('../../orchestrator/host/serve.ts');
  return () => serveOrchestrator(settings, journal, { once: false, backend: 'auto' });
}

const serve = await load();
writeSync(1, 'begin\n');
const serving = await serve();
writeSync(1, 'ready\n');
process.exit((await untilTold(() => serving.stop(), journal)) ? 0 : 70);
