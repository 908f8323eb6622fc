/** An event of the journal as a line for people: the daemon, the event, and the fields that matter first. */

/** What a person looks for, before everything else. */
const FIRST = ['cartridge', 'size', 'backend', 'duration_ms', 'script', 'code', 'message'];
/** The end of an id, which is also the end of its cartridge's name. */
const ID_END = 12;

/** @returns one line, and below it, indented, the lines of an `excerpt` */
export function journalLine(log: Readonly<Record<string, unknown>>): string {
  const { level: _level, time: _time, daemon, event, excerpt, ...fields } = log;
  const names = [...FIRST.filter((name) => name in fields), ...Object.keys(fields).filter(isLater)];
  const words = names.flatMap((name) => {
    const value = fields[name];
    return value === undefined || value === null ? [] : [`${name}=${describe(name, value)}`];
  });
  const line = `${String(daemon).padEnd(12)} ${String(event).padEnd(20)} ${words.join(' ')}`.trimEnd();
  if (typeof excerpt !== 'string') return line;
  return [line, ...excerpt.split('\n').map((text) => `    ${escapeControls(text)}`)].join('\n');
}

function isLater(name: string): boolean {
  return !FIRST.includes(name);
}

function describe(name: string, value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (name === 'id' && text.length > ID_END) return `…${escapeControls(text.slice(-ID_END))}`;
  return escapeControls(text);
}

/** Names and messages come from others: a terminal is to show them, not to obey them. */
function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}
