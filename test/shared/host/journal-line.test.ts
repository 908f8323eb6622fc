import { describe, expect, it } from 'vitest';
import { journalLine } from '../../../shared/host/journal-line.ts';

const named = { level: 'info', time: 1, daemon: 'orchestrator', event: 'run:success' };
const HEAD = `orchestrator ${'run:success'.padEnd(20)} `;

describe('a line of the journal', () => {
  it('begins with what a person looks for, and shortens the id to its end', () => {
    const id = '01a1fad1-3c3d-7fee-9f30-034fac1ed7f3';
    const line = journalLine({ ...named, id, run: 1, backend: 'cpu', duration_ms: 12, cartridge: 'a.png' });
    expect(line).toBe(`${HEAD}cartridge=a.png backend=cpu duration_ms=12 id=…034fac1ed7f3 run=1`);
  });

  it('leaves a short id whole and an absent field out', () => {
    expect(journalLine({ ...named, id: '123456789012', size: undefined, hint: null })).toMatch(
      / id=123456789012$/,
    );
    expect(journalLine({ ...named, id: '1234567890123' })).toMatch(/ id=…234567890123$/);
  });

  it('puts an excerpt on lines of its own, and no other newline anywhere', () => {
    const excerpt = 'TXT ten\n    ^^^';
    const lines = journalLine({ ...named, excerpt, message: 'a\nb\x1b[2J', hint: 'h' }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/ message=a\\u\{a\}b\\u\{1b\}\[2J hint=h$/);
    expect(lines.slice(1)).toEqual(['    TXT ten', '        ^^^']);
  });

  it('ends with the event when there is nothing else to say', () => {
    expect(journalLine({ daemon: 'renderer', event: 'x:y' })).toBe('renderer     x:y');
  });
});
