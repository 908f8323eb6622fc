/**
 * Writes test/golden/checksums.json from today's renderings and says what changed. Run in the repository
 * root, after a build: `node dist/test/support/write-goldens.js`. CONTRIBUTING.md says when that is right.
 */
import { writeFileSync } from 'node:fs';
import { differences, GOLDENS_FILE, type Goldens, goldensOfToday, pinnedGoldens } from '../golden/corpus.ts';

function pinnedOrNone(): Goldens {
  try {
    return pinnedGoldens();
  } catch {
    return {};
  }
}

const pinned = pinnedOrNone();
const today = await goldensOfToday();
writeFileSync(GOLDENS_FILE, `${JSON.stringify(today, undefined, 2)}\n`);
for (const [name, golden] of Object.entries(today)) {
  for (const difference of differences(pinned[name], golden)) console.log(`${name}: ${difference}`);
}
for (const name of Object.keys(pinned)) if (!(name in today)) console.log(`${name}: gone`);
console.log(`test/golden/checksums.json: ${Object.keys(today).length} goldens`);
