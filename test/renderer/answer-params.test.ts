/** Params and limits of a command at both doors, with no disk and no time. */
import { describe, expect, it, vi } from 'vitest';
import { render } from '../../renderer/render.ts';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { fakeWorld, program } from './fake-world.ts';

vi.mock('../../renderer/render.ts', { spy: true });

const THREE = 'RECT 0 0 2 1\nRECT 0 0 2 1\nHALT';

/** The reply to a command at each of the two doors. */
async function replies(fields: object, allowance = FULL_ALLOWANCE) {
  const world = fakeWorld(allowance);
  const command = program({ id: 'a', code: THREE, ...fields });
  world.slot.command = command;
  world.waiting.set('a.json', command);
  await world.ring();
  return [world.slot.answer?.reply, world.outbox.get('a')] as const;
}

/** The code of a refusal at both doors, or the status. */
async function verdict(fields: object, allowance?: typeof FULL_ALLOWANCE): Promise<string | undefined> {
  const codes = (await replies(fields, allowance)).map((reply) =>
    reply?.status === 'refused' ? reply.error.code : reply?.status,
  );
  expect(new Set(codes).size).toBe(1);
  return codes[0];
}

describe('the params of a command', () => {
  it('are refused where the program has no such PARAM, and none are no matter', async () => {
    expect(await verdict({ params: { count: 3 } })).toBe('PXL-E033');
    expect(await verdict({ params: {} })).toBe('ok');
    expect(await verdict({ params: { count: '3' } })).toBe('CMD-E005');
  });

  it('go to the run by lower-case names, and what each PARAM stood for comes back', async () => {
    const stood = { count: 3, size: 9 };
    vi.mocked(render).mockImplementation(async (_code, canvas, painter, _monotonic, options) => {
      expect(options?.params).toEqual({ count: 3 });
      return {
        ...(await painter.paint({ canvas } as never)),
        canvas,
        price: { steps: 1, shapes: 0, pixels_written: 0, bytes: 32_768 },
        used: { canvas: 1, blend: {}, opcodes: {}, glyphs: {} },
        warnings: [],
        params: stood,
        inputs: [],
        timings: { parse: 0, run: 0, paint: 0 },
      };
    });
    try {
      for (const reply of await replies({ params: { Count: 3 } })) {
        expect(reply).toMatchObject({ status: 'ok', params: stood, ignored: [] });
      }
    } finally {
      vi.mocked(render).mockReset();
    }
  });

  it('are not in the reply for a program without PARAMs', async () => {
    for (const reply of await replies({})) {
      expect(reply?.status).toBe('ok');
      expect(reply).not.toHaveProperty('params');
    }
  });
});

describe('the limits of a command', () => {
  it.each([
    ['steps', 3, 'PXL-E012'],
    ['shapes', 2, 'PXL-E013'],
    ['pixels_written', 4, 'PXL-E014'],
  ])('hold its run: %s of %i are enough, one fewer is refused with %s', async (name, enough, code) => {
    expect(await verdict({ limits: { [name]: enough } })).toBe('ok');
    expect(await verdict({ limits: { [name]: enough - 1 } })).toBe(code);
  });

  it('hold what its SHADEs take, which the reply says where one ran', async () => {
    const code = 'SHADE 0 0 9 9\nSET r x+y\nEND';
    expect(await verdict({ code, limits: { shade: 162 } })).toBe('ok');
    expect(await verdict({ code, limits: { shade: 161 } })).toBe('PXL-E042');
    expect(await verdict({ code }, { ...FULL_ALLOWANCE, shade: 161 })).toBe('PXL-E042');
    for (const reply of await replies({ code }))
      expect(reply).toMatchObject({ pixels_written: 81, shade: 162 });
    for (const reply of await replies({})) expect(reply).not.toHaveProperty('shade');
  });

  it('do not raise what the renderer allows, nor the other way round', async () => {
    const two = { ...FULL_ALLOWANCE, steps: 2 };
    expect(await verdict({}, two)).toBe('PXL-E012');
    expect(await verdict({ limits: { steps: 1_000 } }, two)).toBe('PXL-E012');
    expect(await verdict({ limits: { steps: 2 } }, { ...two, steps: 3 })).toBe('PXL-E012');
    expect(await verdict({ limits: { steps: 3 } }, { ...two, steps: 3 })).toBe('ok');
  });

  it.each([
    ['steps', 'GVPIE_MAX_STEPS or --max-steps', 10_000_000],
    ['shapes', 'GVPIE_MAX_SHAPES or --max-shapes', 1_000_000],
    ['pixels_written', 'GVPIE_MAX_PIXELS or --max-pixels', 536_870_912],
    ['bytes', 'GVPIE_MAX_BYTES or --max-bytes', 268_435_456],
    ['shade', 'GVPIE_MAX_SHADE or --max-shade', 2 ** 40],
  ] as const)(
    'say who may raise %s: the renderer’s settings, or the command',
    async (name, setting, most) => {
      const code = `${THREE.replace('HALT', '')}SHADE 0 0 9 9\nSET r x\nEND`;
      const hints = async (limits: object, allowed: number) =>
        (await replies({ code, limits }, { ...FULL_ALLOWANCE, [name]: allowed })).map((reply) =>
          reply?.status === 'refused' ? reply.error.hint : reply?.status,
        );
      const renderers = `${setting} raises this limit, where the renderer is started: the language allows ${most}`;
      const commands = `your command's limits say so: the language allows ${most}`;
      expect(await hints({}, 1)).toEqual([renderers, renderers]);
      expect(await hints({ [name]: 1 }, 1)).toEqual([renderers, renderers]);
      expect(await hints({ [name]: 0 }, 1)).toEqual([commands, commands]);
      expect(await hints({ [name]: most }, most)).toEqual(['ok', 'ok']);
    },
  );

  it('mean the language’s where they are higher, and are refused where they are none', async () => {
    expect(await verdict({ limits: { steps: 1e12, bytes: 1e12 } })).toBe('ok');
    expect(await verdict({ limits: { step: 3 } })).toBe('CMD-E005');
  });
});
