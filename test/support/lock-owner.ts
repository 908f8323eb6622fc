/** A program that takes a lock, says so, and holds it until it ends: `node lock-owner.js PATH`. */
import { acquireLock } from '../../shared/host/lock.ts';

acquireLock(process.argv[2]!, '2026-01-01T00:00:00.000Z');
process.stdout.write('held\n');
setInterval(() => {}, 60_000);
