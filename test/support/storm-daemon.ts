/**
 * A daemon that begins quickly, to be killed often: `node storm-daemon.js renderer|orchestrator SETTINGS`.
 * Says `begin` when its modules are loaded and `ready` when it serves; keeps no journal but warnings.
 */
import { writeSync } from 'node:fs';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';
import { readSettings } from '../../shared/settings.ts';
import type { Journal } from '../../shared/world.ts';

const write = (event: string, fields: object = {}): void => {
  writeSync(1, `${JSON.stringify({ event, ...fields })}\n`);
};
const journal: Journal = { debug() {}, info() {}, warn: write, error: write };

const { settings } = readSettings(JSON.parse(process.argv[3] ?? '{}'), {});
writeSync(1, 'begin\n');
const serving =
  process.argv[2] === 'renderer'
    ? await serveRenderer(settings, journal)
    : await serveOrchestrator(settings, journal, { once: false, backend: 'auto' });
writeSync(1, 'ready\n');
process.exit((await untilTold(() => serving.stop(), journal)) ? 0 : 70);
