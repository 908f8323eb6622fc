/** Sites: where a run used what its picture depends on: lines of the program, and columns where a word stands for it. */
import type { Place } from '../../shared/cartridge/judge.ts';
import { BLENDS } from '../display/blends.ts';
import { FONT_NAMES, type Font, fontNamed } from '../fonts/font.ts';
import type { Program } from '../language/ast.ts';
import { functionNamed } from '../language/functions.ts';
import { OPCODES } from '../language/opcodes.ts';
import { countCodePoints } from '../language/syntax-error.ts';
import { INSTRUCTION_WORDS, type MachineCode, OPERATION_MASK } from './instructions.ts';
import { callsOf, linesOf } from './shading.ts';
import { FUNCTION_OF } from './used.ts';
import type { Drawing, Witness } from './witness.ts';

/** Something that a picture depends on, as its record names it: `opcodes` and `TXT`, `glyphs` and `0041`. */
export interface Wanted {
  readonly section: string;
  readonly name: string;
}

/** Above the columns: a source has fewer than 2²¹ code points. */
const LINE = 2 ** 21;

const RULES: ReadonlyMap<string, string> = new Map(BLENDS.map(({ name, rule }) => [name, rule]));

/** Looks on at one run, which is given it as `sites`; what was not asked for is not looked for. */
export class Sites implements Witness {
  /** Of each wanted thing, its places: lines × 2²¹ + columns, which are 0 where there is none. */
  readonly #found = new Map<string, Set<number>>();
  /** The wanted letters, by font and code point. */
  readonly #letters = new Map<Font, Map<number, Set<number>>>();
  readonly #blends = new Map<string, Set<number>>();
  #listed = 0;

  constructor(wanted: Iterable<Wanted>) {
    for (const { section, name } of wanted) {
      const places = new Set<number>();
      this.#found.set(keyOf(section, name), places);
      if (section === 'blend') this.#blends.set(name, places);
      if (section === 'glyphs') this.#await('gvpie', name, places);
      if (section === 'font_glyphs') {
        const [font = '', code = ''] = name.split(' ');
        this.#await(font, code, places);
      }
    }
  }

  #await(fontName: string, code: string, places: Set<number>): void {
    const known = FONT_NAMES.find((name) => name === fontName);
    if (known === undefined) return;
    const font = fontNamed(known);
    const letters = this.#letters.get(font) ?? new Map<number, Set<number>>();
    this.#letters.set(font, letters.set(Number.parseInt(code, 16), places));
  }

  letter(font: Font, code: number, line: number): void {
    this.#letters
      .get(font)
      ?.get(code)
      ?.add(line * LINE);
  }

  font({ name }: Font, line: number): void {
    this.#found.get(keyOf('fonts', name))?.add(line * LINE);
  }

  struck(drawing: Drawing, line: number): void {
    if (this.#blends.size === 0 || drawing.listed === this.#listed) return;
    for (const { blend = 'over' } of drawing.drawn(this.#listed)) {
      this.#blends.get(RULES.get(blend) as string)?.add(line * LINE);
    }
    this.#listed = drawing.listed;
  }

  /**
   * What the code shows that was run.
   *
   * @param seen of each instruction, 1 when it has run
   */
  ran(program: Program, { words, opcodes, lines, places, shaded }: MachineCode, seen: Uint8Array): void {
    const { lines: texts } = program.source;
    for (let instruction = 0; instruction < seen.length; instruction++) {
      if (seen[instruction] === 0) continue;
      const line = lines[instruction] as number;
      const row = OPCODES[opcodes[instruction] as number];
      if (row !== undefined) this.#add('opcodes', row.name, line, -1, texts);
      const name = FUNCTION_OF.get((words[instruction * INSTRUCTION_WORDS] as number) & OPERATION_MASK);
      if (name !== undefined) this.#add('functions', name, line, places[instruction] as number, texts);
    }
    for (const { instruction } of shaded) {
      const block = program.shades.find(({ line }) => line === lines[instruction]);
      if (seen[instruction] === 0 || block === undefined) continue;
      for (const statement of linesOf(program.lines, block)) {
        this.#add('opcodes', statement.opcode, statement.line, -1, texts);
        for (const { name, at } of callsOf(statement)) {
          const row = functionNamed(name);
          if (row !== undefined) this.#add('functions', row.name, statement.line, at, texts);
        }
      }
    }
    for (const { name, line } of program.names.params) this.#add('params', name, line, -1, texts);
    for (const { checksum, line } of program.images) this.#add('inputs', checksum, line, -1, texts);
  }

  /** @param at UTF-16 units from 0; −1 is the opcode */
  #add(section: string, name: string, line: number, at: number, texts: readonly string[]): void {
    const text = texts[line - 1];
    const places = this.#found.get(keyOf(section, name));
    // A HALT that the source leaves out stands on no line.
    if (places === undefined || text === undefined) return;
    const start = at < 0 ? text.length - text.trimStart().length : at;
    places.add(line * LINE + countCodePoints(text.slice(0, start)) + 1);
  }

  /** All places of something that was wanted, each once, from the top; none where it was not used. */
  of({ section, name }: Wanted): Place[] {
    const places = [...(this.#found.get(keyOf(section, name)) ?? [])].sort((one, other) => one - other);
    return places.map((place) => {
      const column = place % LINE;
      return { line: Math.floor(place / LINE), ...(column === 0 ? {} : { column }) };
    });
  }
}

function keyOf(section: string, name: string): string {
  return JSON.stringify([section, name]);
}
