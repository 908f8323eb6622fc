/** docs/lineage.md: its commands run in their order, and do what the page says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from '../cli/gvpie.ts';
import { codeBlocks, readPage } from './pages.ts';

const page = readPage('docs/lineage.md');
const commands = codeBlocks(page, 'sh').flatMap((block) => block.trimEnd().split('\n'));
/** Those that say with their code that something differs. */
const DIFFER = /^gvpie diff /;

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
  for (const [, name = '', text = ''] of page.matchAll(/<!-- file: (\S+) -->\n```\n([\s\S]*?)^```$/gm)) {
    place.write(name, text);
  }
});
afterAll(() => place.clear());

describe('docs/lineage.md', () => {
  it('has commands, each of which ends as it should', async () => {
    expect(commands.length).toBeGreaterThan(3);
    const printed = new Map<string, string>();
    for (const command of commands) {
      const [program, ...args] = command.split(' ');
      expect(program).toBe('gvpie');
      const { code, stdout, stderr } = await place.run(args);
      printed.set(command, stdout);
      expect({ command, code, stderr }).toEqual({
        ...{ command, stderr: '' },
        code: DIFFER.test(command) ? EXIT.failed : EXIT.ok,
      });
    }
    const shown = [...page.matchAll(/<!-- prints: (.+) -->\n```text\n([\s\S]*?)^```$/gm)];
    expect(shown).not.toEqual([]);
    for (const [, command = '', text] of shown) expect(printed.get(command)).toBe(text);
  }, 60_000);
});
