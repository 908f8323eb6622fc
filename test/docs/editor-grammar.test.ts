/** docs/pxl.tmLanguage.json: up to date, and right about the lines that people write. */
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES } from '../../renderer/language/colours.ts';
import { FUNCTIONS } from '../../renderer/language/functions.ts';
import type { Chapter, Opcode, Slot } from '../../renderer/language/opcode.ts';
import { OPCODES } from '../../renderer/language/opcodes.ts';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import {
  editorGrammar,
  editorGrammarText,
  GRAMMAR_FILE,
  type Grammar,
  type Rule,
} from '../support/editor-grammar.ts';
import { codeBlocks, readPage, tableRows } from './pages.ts';

/** A piece of a line and its scope without `.pxl`; blanks and what no rule knows are left out. */
type Piece = [text: string, scope: string];

const today = editorGrammar(OPCODES);

function rulesOf(grammar: Grammar, patterns = grammar.patterns): Rule[] {
  return patterns.flatMap((rule) =>
    rule.include === undefined
      ? [rule]
      : rulesOf(grammar, grammar.repository[rule.include.slice(1)]?.patterns ?? []),
  );
}

const compiled = new Map<string, RegExp>();

function expressionOf(match: string): RegExp {
  const known = compiled.get(match) ?? new RegExp(match, 'dg');
  compiled.set(match, known);
  return known;
}

/** As editors do: of the rules that match first from `start` on, the first; then on behind what it matched. */
function classify(line: string, grammar = today, patterns = grammar.patterns, start = 0): Piece[] {
  const pieces: Piece[] = [];
  const rules = rulesOf(grammar, patterns);
  let at = start;
  while (at < line.length) {
    let found: { readonly rule: Rule; readonly match: RegExpExecArray } | undefined;
    for (const rule of rules) {
      const expression = expressionOf(rule.match ?? '');
      expression.lastIndex = at;
      const match = expression.exec(line);
      if (match !== null && (found === undefined || match.index < found.match.index)) found = { rule, match };
    }
    if (found === undefined || found.match[0] === '') break;
    const { rule, match } = found;
    if (rule.name !== undefined) pieces.push([match[0], rule.name]);
    for (const [group, capture] of Object.entries(rule.captures ?? {})) {
      const [from, to] = match.indices?.[Number(group)] ?? [0, 0];
      if (from === to) continue;
      if (capture.name !== undefined) pieces.push([line.slice(from, to), capture.name]);
      else pieces.push(...classify(line.slice(0, to), grammar, capture.patterns, from));
    }
    at = match.index + match[0].length;
  }
  return pieces.map(([text, scope]) => [text, scope.replace(/\.pxl$/, '')]);
}

const integer = (name: string): Slot => ({ name, kind: 'integer' });
const madeUp = (name: string, chapter: Chapter, ...forms: Slot[][]): Opcode => ({
  name,
  version: 1,
  chapter,
  forms,
  summary: '',
  example: '',
});

/** A grammar with opcodes that the language does not have, and a BLEND of more words. */
const tomorrow = editorGrammar([
  ...OPCODES.filter(({ name }) => name !== 'BLEND'),
  madeUp('BLEND', 'state', [{ name: 'mode', kind: 'word', words: ['OVER', 'SRC', 'ADD', 'XADD', 'XADDED'] }]),
  madeUp('XTEXT', 'drawing', [...['x', 'y', 'w', 'h'].map(integer), { name: 'text', kind: 'text' }]),
  madeUp('XSAY', 'state', [{ name: 'text', kind: 'text' }]),
  madeUp(
    'XFRAME',
    'drawing',
    [integer('x')],
    [integer('x'), { name: 'how', kind: 'word', words: ['ROUND'] }, integer('r')],
  ),
]);

/** The scope of the piece `text` in a line. */
function scopeOf(line: string, text: string): string | undefined {
  return classify(line).find(([piece]) => piece === text)?.[1];
}

describe('docs/pxl.tmLanguage.json', () => {
  it('is as the tables have it today', () => {
    // `node dist/test/support/write-reference.js`, after a build, writes it anew.
    expect(readPage(GRAMMAR_FILE)).toBe(editorGrammarText());
    expect(JSON.parse(readPage(GRAMMAR_FILE))).toMatchObject({ scopeName: 'source.pxl', fileTypes: ['pxl'] });
  });

  it.each<[line: string, pieces: Piece[]]>([
    ['', []],
    ['# HALT, TXT 1 2 #fff', [['# HALT, TXT 1 2 #fff', 'comment.line.number-sign']]],
    ['\t # indented', [['\t # indented', 'comment.line.number-sign']]],
    ['HALT', [['HALT', 'keyword.control']]],
    ['halt\r', [['halt', 'keyword.control']]],
    ['HALTED', [['HALTED', 'variable.other']]],
    [
      'Again_2:',
      [
        ['Again_2', 'entity.name.label'],
        [':', 'punctuation.separator.label'],
      ],
    ],
    [
      'IF i<10 JMP again',
      [
        ['IF', 'keyword.control'],
        ['i', 'variable.other'],
        ['<', 'keyword.operator'],
        ['10', 'constant.numeric.integer'],
        ['JMP', 'keyword.control'],
        ['again', 'entity.name.label'],
      ],
    ],
    [
      '  ELSE IF (a)',
      [
        ['ELSE', 'keyword.control'],
        ['IF', 'keyword.control'],
        ['(', 'punctuation.section.brackets'],
        ['a', 'variable.other'],
        [')', 'punctuation.section.brackets'],
      ],
    ],
    [
      'COLOR on?Tomato:#ff634780',
      [
        ['COLOR', 'keyword.other.state'],
        ['on', 'variable.other'],
        ['?', 'keyword.operator'],
        ['Tomato', 'support.constant.color'],
        [':', 'keyword.operator'],
        ['#ff634780', 'constant.other.color'],
      ],
    ],
    [
      'COLOR #ff63',
      [
        ['COLOR', 'keyword.other.state'],
        ['#ff63', 'constant.other.color'],
      ],
    ],
    [
      'COLOR #ff634',
      [
        ['COLOR', 'keyword.other.state'],
        ['#ff634', 'invalid.illegal.color'],
      ],
    ],
    [
      'HALT # the end',
      [
        ['HALT', 'keyword.control'],
        ['#', 'invalid.illegal.color'],
        ['the', 'variable.other'],
        ['end', 'variable.other'],
      ],
    ],
    [
      'SET cells[i] max(-3, tan[0])',
      [
        ['SET', 'storage.type.values'],
        ['cells', 'variable.other'],
        ['[', 'punctuation.section.brackets'],
        ['i', 'variable.other'],
        [']', 'punctuation.section.brackets'],
        ['max', 'support.function.builtin'],
        ['(', 'punctuation.section.brackets'],
        ['-', 'keyword.operator'],
        ['3', 'constant.numeric.integer'],
        [',', 'punctuation.separator.comma'],
        ['tan', 'variable.other'],
        ['[', 'punctuation.section.brackets'],
        ['0', 'constant.numeric.integer'],
        [']', 'punctuation.section.brackets'],
        [')', 'punctuation.section.brackets'],
      ],
    ],
    [
      'DEF max2 a width',
      [
        ['DEF', 'keyword.control'],
        ['max2', 'entity.name.function'],
        ['a', 'variable.other'],
        ['width', 'variable.language.canvas'],
      ],
    ],
    [
      'call Hill hill(x1)',
      [
        ['call', 'keyword.control'],
        ['Hill', 'entity.name.function'],
        ['hill', 'entity.name.function'],
        ['(', 'punctuation.section.brackets'],
        ['x1', 'variable.other'],
        [')', 'punctuation.section.brackets'],
      ],
    ],
    [
      'BLEND src',
      [
        ['BLEND', 'keyword.other.state'],
        ['src', 'constant.language.blend'],
      ],
    ],
    [
      'sprite Ship',
      [
        ['sprite', 'storage.type.sprites'],
        ['Ship', 'entity.name.sprite'],
      ],
    ],
    [
      '  INK #ff0000 #x gold',
      [
        ['INK', 'storage.type.sprites'],
        ['#ff0000', 'constant.other.color'],
        ['#x gold', 'string.unquoted'],
      ],
    ],
    [
      '  ROW  ..##, HALT ',
      [
        ['ROW', 'storage.type.sprites'],
        [' ..##, HALT', 'string.unquoted'],
      ],
    ],
    ['ROW', [['ROW', 'storage.type.sprites']]],
    [
      `IMAGE logo 128, 64 ${'9F'.repeat(32)}`,
      [
        ['IMAGE', 'storage.type.sprites'],
        ['logo', 'entity.name.sprite'],
        ['128', 'constant.numeric.integer'],
        ['64', 'constant.numeric.integer'],
        ['9F'.repeat(32), 'constant.other.checksum'],
      ],
    ],
    [
      'BLIT ship x*8, 3',
      [
        ['BLIT', 'support.function.drawing'],
        ['ship', 'entity.name.sprite'],
        ['x', 'variable.other'],
        ['*', 'keyword.operator'],
        ['8', 'constant.numeric.integer'],
        [',', 'punctuation.separator.comma'],
        ['3', 'constant.numeric.integer'],
      ],
    ],
    [
      'TXT 1 (2 + max(x, 3)), #1 HALT (tomato',
      [
        ['TXT', 'support.function.drawing'],
        ['1', 'constant.numeric.integer'],
        ['(', 'punctuation.section.brackets'],
        ['2', 'constant.numeric.integer'],
        ['+', 'keyword.operator'],
        ['max', 'support.function.builtin'],
        ['(', 'punctuation.section.brackets'],
        ['x', 'variable.other'],
        [',', 'punctuation.separator.comma'],
        ['3', 'constant.numeric.integer'],
        [')', 'punctuation.section.brackets'],
        [')', 'punctuation.section.brackets'],
        [' #1 HALT (tomato', 'string.unquoted'],
      ],
    ],
  ])('reads %j', (line, pieces) => {
    expect(classify(line)).toEqual(pieces);
  });

  it.each<[line: string, pieces: Piece[]]>([
    [
      'XTEXT 1 (2 + x), 3,y  RECT, 1',
      [
        ['XTEXT', 'support.function.drawing'],
        ['1', 'constant.numeric.integer'],
        ['(', 'punctuation.section.brackets'],
        ['2', 'constant.numeric.integer'],
        ['+', 'keyword.operator'],
        ['x', 'variable.other'],
        [')', 'punctuation.section.brackets'],
        ['3', 'constant.numeric.integer'],
        ['y', 'variable.other'],
        [' RECT, 1', 'string.unquoted'],
      ],
    ],
    [
      'xtext 1 2 3',
      [
        ['xtext', 'support.function.drawing'],
        ['1', 'constant.numeric.integer'],
        ['2', 'constant.numeric.integer'],
        ['3', 'constant.numeric.integer'],
      ],
    ],
    [
      'XSAY 1 TXT',
      [
        ['XSAY', 'keyword.other.state'],
        ['1 TXT', 'string.unquoted'],
      ],
    ],
    ['XSAY', [['XSAY', 'keyword.other.state']]],
    ...['add', 'XADD', 'xAdded'].map((word): [string, Piece[]] => [
      `BLEND ${word} `,
      [
        ['BLEND', 'keyword.other.state'],
        [word, 'constant.language.blend'],
      ],
    ]),
    [
      'XFRAME x Round round',
      [
        ['XFRAME', 'support.function.drawing'],
        ['x', 'variable.other'],
        ['Round', 'constant.language.xframe'],
        ['round', 'variable.other'],
      ],
    ],
    [
      'XFRAME round',
      [
        ['XFRAME', 'support.function.drawing'],
        ['round', 'variable.other'],
      ],
    ],
  ])('reads %j where the table has it', (line, pieces) => {
    expect(classify(line, tomorrow)).toEqual(pieces);
  });

  it('does not colour what the table does not have', () => {
    for (const line of ['XTEXT 1 2 3 4 a', 'BLEND XADD', 'XFRAME x ROUND 1']) {
      expect(classify(line)).not.toEqual(classify(line, tomorrow));
    }
  });

  it.each(OPCODES)('knows $name in any mixture of cases, and as no part of a word', ({ name, chapter }) => {
    const scopes = {
      drawing: 'support.function',
      state: 'keyword.other',
      sprites: 'storage',
      values: 'storage',
      control: 'keyword.control',
    };
    for (const word of [name, name.toLowerCase(), `${name.charAt(0)}${name.slice(1).toLowerCase()}`]) {
      expect(scopeOf(word, word)).toContain(scopes[chapter]);
      expect(scopeOf(`  ${word}\t1`, word)).toContain(scopes[chapter]);
      expect(scopeOf(`${word}S 1`, `${word}S`)).toBe('variable.other');
    }
  });

  it('knows every function and every colour, and as no part of a word', () => {
    for (const { name } of FUNCTIONS) {
      expect(scopeOf(`SET q ${name}(1)`, name)).toBe('support.function.builtin');
      expect(scopeOf(`SET q x${name}(1)`, `x${name}`)).toBe('entity.name.function');
    }
    for (const name of COLOUR_NAMES) {
      expect(scopeOf(`COLOR ${name}`, name)).toBe('support.constant.color');
      expect(scopeOf(`COLOR ${name}_`, `${name}_`)).toBe('variable.other');
    }
  });

  it('takes for text what the parser takes for text', () => {
    const page = readPage('docs/language.md');
    const lines = [
      ...tableRows(page, ['line', 'text']).map(([line]) => line as string),
      'TXT 1,2,,x ',
      'TXT a[1 + 2] (3) b\t',
      'txt 1 , 2 , x y',
    ];
    const programs = [
      ...lines.map((line) => ['DIM a 4', 'SET m 0', line].join('\n')),
      ...codeBlocks(page, 'pxl'),
      'SPRITE a\nINK red ,x\nINK #fff o T \nROW  #, x\nrow\t, , o\nEND',
    ];
    let texts = 0;
    for (const program of programs) {
      for (const [index, line] of program.split('\n').entries()) {
        const text = classify(line).find(([, scope]) => scope === 'string.unquoted')?.[0];
        if (text === undefined) continue;
        texts++;
        const read = parse(sourceOf(program)).lines[index];
        expect(read?.kind === 'statement' && read.operands.at(-1)).toMatchObject({ text });
      }
    }
    expect(texts).toBeGreaterThan(10);
  });

  it('finds nothing that it does not know in the programs of docs/language.md', () => {
    const lines = codeBlocks(readPage('docs/language.md'), 'pxl').flatMap((program) => program.split('\n'));
    for (const line of lines) {
      const pieces = classify(line);
      expect(pieces.filter(([, scope]) => scope.startsWith('invalid'))).toEqual([]);
      const known = pieces.map(([text]) => text.replace(/\s/g, '')).join('');
      expect(known).toBe(line.replace(/\s/g, '').replace(/(?<=^TXT.*\d),(?=\d)/g, ''));
    }
  });

  it('has no rule that a long line of open brackets keeps busy', () => {
    const before = Date.now();
    for (const opcode of ['TXT 1', 'IF', 'ELSE IF', 'XTEXT 1 2 (3)']) {
      for (const bracket of ['(', '([', '(a ', '(a)(']) {
        const line = `${opcode} ${bracket.repeat(2_000)}`;
        for (const { match = '' } of rulesOf(tomorrow)) line.match(new RegExp(match));
      }
    }
    // Milliseconds, unless a rule goes back over the line again and again.
    expect(Date.now() - before).toBeLessThan(2_000);
  });
});
