/**
 * How a table made by the seed's schema becomes ours: only its text changes. Dropping a CHECK or a NOT
 * NULL and changing a DEFAULT or a foreign key's action touch no stored row, and SQLite documents
 * editing the schema's text for exactly these (lang_altertable.html, "Making Other Kinds Of Table Schema
 * Changes"). So ids, the AUTOINCREMENT sequence, extra columns, indexes, triggers and views are kept by
 * never being moved.
 */
import { invariant } from '../../shared/faults.ts';

// Strings, quoted names, comments, words, blanks, and any other character by itself.
const ATOM =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}\p{N}_$]+|\s+|[\s\S]/gu;
const TRIVIA = /^(?:\s|--|\/\*)/;
const CONSTRAINT_WORDS = new Set(['constraint', 'primary', 'unique', 'check', 'foreign']);

/** One column or one constraint of a table. */
interface Item {
  readonly text: string;
  /** The blanks and comments that the text begins with. */
  readonly lead: string;
  /** Its words without blanks and comments: lower case, names unquoted. */
  readonly words: readonly string[];
  /** The column's name, lower case; undefined for a constraint. */
  readonly column: string | undefined;
}

/**
 * The text of their table in which the columns `retaken` are declared as in ours, and table constraints
 * (CHECK, FOREIGN KEY) that speak of no other columns are gone. All else stays to the letter.
 *
 * @param theirs a CREATE TABLE as sqlite_schema holds it
 * @param ours a CREATE TABLE that declares every column of `retaken`
 */
export function adoptTable(theirs: string, ours: string, retaken: readonly string[]): string {
  const [head, items, tail] = dissect(theirs);
  const own = dissect(ours)[1];
  const columns = new Set(items.flatMap((item) => item.column ?? []));
  const kept = items.flatMap((item) => {
    if (item.column === undefined) return isAbout(item, columns, retaken) ? [] : [item.text];
    if (!retaken.includes(item.column)) return [item.text];
    const declaration = own.find((candidate) => candidate.column === item.column);
    invariant(declaration !== undefined, `our table declares ${item.column}`);
    // Their comments lead; the declaration is ours.
    return [item.lead + declaration.text.slice(declaration.lead.length).trimEnd()];
  });
  return `${head}${kept.join(',')}${tail}`;
}

function isAbout(constraint: Item, columns: ReadonlySet<string>, retaken: readonly string[]): boolean {
  const start = constraint.words[0] === 'constraint' ? 2 : 0;
  const kind = constraint.words[start];
  if (kind !== 'check' && kind !== 'foreign') return false;
  const references = constraint.words.indexOf('references');
  const named = constraint.words
    .slice(start, references < 0 ? undefined : references)
    .filter((word) => columns.has(word));
  return named.length > 0 && named.every((word) => retaken.includes(word));
}

/** Head up to and with the first parenthesis, what stands between it and its partner, and the rest. */
function dissect(sql: string): [head: string, items: Item[], tail: string] {
  const atoms: readonly string[] = sql.match(ATOM) ?? [];
  const open = atoms.indexOf('(');
  const items: Item[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < atoms.length; at++) {
    const atom = atoms[at];
    if (atom === '(') depth++;
    if (atom === ')') depth--;
    if (depth > 1 || (depth === 1 && atom !== ',')) continue;
    items.push(item(atoms.slice(start, at)));
    start = at + 1;
    if (depth === 0) return [atoms.slice(0, open + 1).join(''), items, atoms.slice(at).join('')];
  }
  invariant(false, `this is a CREATE TABLE with columns: ${sql}`);
}

function item(atoms: readonly string[]): Item {
  const solid = atoms.filter((atom) => !TRIVIA.test(atom));
  const words = solid.map((atom) => atom.replace(/^["`[](.*)["`\]]$/s, '$1').toLowerCase());
  // A quoted "check" is a column's name, a bare one starts a constraint.
  const isConstraint = CONSTRAINT_WORDS.has(solid[0]?.toLowerCase() ?? '');
  const lead = atoms
    .slice(
      0,
      atoms.findIndex((atom) => !TRIVIA.test(atom)),
    )
    .join('');
  return { text: atoms.join(''), lead, words, column: isConstraint ? undefined : words[0] };
}
