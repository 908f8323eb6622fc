/** The unknown opcode: what the author of a line that begins with no opcode may have meant. */
import { COMMENTS, LINE_FEEDS, WHOLE_LINES } from './advice.ts';
import { quoted } from './caret.ts';
import { OPCODES, type OpcodeName, opcodeNamed, usage } from './opcodes.ts';
import { nearest } from './spelling.ts';
import type { Wrong } from './syntax-error.ts';
import type { Token } from './token.ts';

/** What other languages call it; words that are near an opcode's name need not be here. */
const ELSEWHERE: readonly (readonly [words: string, opcode: OpcodeName])[] = [
  ['END-IF ENDDEF ENDFOR ENDIF ENDWHILE FI DONE NEXT OD WEND }', 'END'],
  ['ELIF ELSEIF ELSIF', 'ELSE'],
  ['GOTO', 'JMP'],
  ['GOSUB', 'CALL'],
  ['RETURN', 'RET'],
  ['EXIT QUIT STOP', 'HALT'],
  ['FN FUNC FUNCTION PROC PROCEDURE SUB', 'DEF'],
  ['CONST INT LET VAR', 'SET'],
  ['DO REPEAT UNTIL', 'WHILE'],
  ['ECHO LABEL PRINT PUTS WRITE', 'TXT'],
  ['PIXEL PLOT POINT PSET', 'PIX'],
  ['FILL FILLRECT RECTANGLE', 'RECT'],
  ['BACKGROUND CLS', 'CLEAR'],
  ['FILLSTYLE', 'COLOR'],
  ['DRAWIMAGE PASTE PUT STAMP', 'BLIT'],
  ['BITMAP TILE', 'SPRITE'],
  ['IMG PICTURE', 'IMAGE'],
  ['FRAGMENT KERNEL SHADER', 'SHADE'],
  ['TRANSLATE', 'ORIGIN'],
  ['RANDOMIZE', 'SEED'],
  ['ARRAY', 'DIM'],
  ['TRIANGLE', 'TRI'],
  ['GRADIENT', 'GRAD'],
];

/** What other languages have an opcode for, and this one has in another shape. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['ELLIPSE', 'ELLI x y rx ry draws its edge, FELLI x y rx ry fills it'],
  ['OVAL', 'ELLI x y rx ry draws its edge, FELLI x y rx ry fills it'],
  ['ALPHA', 'a colour has its alpha: COLOR #rrggbbaa or COLOR r g b a'],
  ['OPACITY', 'a colour has its alpha: COLOR #rrggbbaa or COLOR r g b a'],
  ['ROTATE', 'BLIT name x y scale turns draws a SPRITE or an IMAGE turned by quarter turns'],
  ['SCALE', 'BLIT name x y scale draws a SPRITE or an IMAGE larger, SIZE n texts'],
]);

const MEANT: ReadonlyMap<string, OpcodeName> = new Map(
  ELSEWHERE.flatMap(([words, opcode]) => words.split(' ').map((word) => [word, opcode] as const)),
);

/**
 * @param next the word after it
 * @param hasDefinition whether the program has a DEF of a name, in lower case
 */
export function unknownOpcode(head: Token, next: string, hasDefinition: (name: string) => boolean): Wrong {
  const found = head.kind === 'comma' ? 'a comma' : quoted(head.value);
  return {
    code: 'PXL-E006',
    message: `Expected an opcode, found ${found}`,
    hint: meant(head.value, next, hasDefinition),
  };
}

function meant(word: string, next: string, hasDefinition: (name: string) => boolean): string {
  if (word.includes('\\n')) return LINE_FEEDS;
  if (/^(?:ROW)?\./i.test(word)) return 'a row of a SPRITE is ROW, a blank and its pixels';
  if (word.includes('#')) return WHOLE_LINES;
  if (/^(?:\/\/|--|;|\/\*|REM$)/i.test(word)) return COMMENTS;
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(word)?.[0];
  if (name !== undefined && /^[-+*/]?=(?!=)|^(?:\+\+|--)$/.test(word.slice(name.length) || next)) {
    return `SET ${name.toLowerCase()} value gives a variable a value, ADD ${name.toLowerCase()} value adds to it`;
  }
  const own = opcodeNamed(name ?? '');
  if (own !== undefined && word[name?.length ?? 0] === '(') {
    return `${usage(own)}: operands stand without brackets around them`;
  }
  const foreign = MEANT.get((name ?? word).toUpperCase());
  if (
    name !== undefined &&
    foreign === undefined &&
    (word[name.length] === '(' || hasDefinition(name.toLowerCase()))
  ) {
    return `CALL ${name.toLowerCase()} runs a DEF`;
  }
  if (/^CONTINUE$/i.test(word)) return 'JMP label leads out of a loop, or to the end of its turn';
  const otherwise = OTHERWISE.get(word.toUpperCase());
  if (otherwise !== undefined) return otherwise;
  const near = opcodeNamed(
    foreign ??
      nearest(
        name ?? word,
        OPCODES.map((opcode) => opcode.name),
      ) ??
      '',
  );
  if (near === undefined) return 'gvpie reference lists the opcodes';
  return `did you mean ${near.name}? ${usage(near)}`;
}
