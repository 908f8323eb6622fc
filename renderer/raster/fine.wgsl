// Fine rasterisation on the GPU, the twin of fine.ts: same lists, same rules, same bytes. Its constants
// and `mixed`, the blend modes' formulas, are put before it by prelude.ts. Integers only; one invocation paints four pixels side by side.

// The shapes, pool, tile offsets and tile entries of a plan, one after the other; of a batch those of all its canvases, with
// a record of each.
@group(0) @binding(0) var<storage, read> scene: array<u32>;
// The same buffer, of which the shapes are read four words at a time.
@group(0) @binding(1) var<storage, read> shapes: array<vec4<u32>>;
// One RGBA word per pixel of the band, row-major.
@group(0) @binding(2) var<storage, read_write> band: array<u32>;
@group(0) @binding(3) var<uniform> params: array<vec4<u32>, PARAM_WORDS / 4u>;

const_assert PIXELS_PER_INVOCATION == 4u;
// What is read of a shape stands in two vectors, `front` and `back`.
const_assert SHAPE_WORDS == 8u && PARAM_WORDS % 4u == 0u;
const_assert WORD_TAG / 4u == 0u && WORD_COLOR / 4u == 0u && WORD_X0 / 4u == 0u && WORD_Y0 / 4u == 0u;
const_assert WORD_X1 / 4u == 1u && WORD_Y1 / 4u == 1u && WORD_POOL / 4u == 1u && WORD_BLEND / 4u == 1u;

// Whether it paints every shape of the encoding, or plain ones alone, which plan.ts tells apart.
override EVERY_SHAPE: bool = true;
// Whether images are among them: without, a pixel's source is its shape's, and worked out once for all four.
override IMAGES: bool = true;
// Whether its tiles are of many canvases, which batch.ts puts together: where a tile's own is, one more look says.
override BATCH: bool = false;

fn param(word: u32) -> u32 {
  return params[word / 4u][word % 4u];
}

// Where the pool lies in the scene, and its length, words.
struct Pool { at: u32, size: u32 }

// The pool's word `first + further`, 0 beyond its end: what lies behind it in the scene is never seen.
fn pooled(pool: Pool, first: u32, further: u32) -> u32 {
  let word = scene[pool.at + first + further];
  return select(0u, word, (first < pool.size) & (further < pool.size - first));
}

// Which of a row's columns lie in a shape's box.
fn in_box(front: vec4<u32>, back: vec4<u32>, columns: vec4<i32>) -> vec4<bool> {
  let x1 = bitcast<i32>(back[WORD_X1 % 4u]);
  return (columns >= vec4(bitcast<i32>(front[WORD_X0 % 4u]))) & (columns < vec4(x1));
}

// Which of the columns a row of a glyph has a pixel in; out of its box any.
fn in_bitmap(bits: u32, back: vec4<u32>, columns: vec4<i32>) -> vec4<bool> {
  let x1 = bitcast<i32>(back[WORD_X1 % 4u]);
  // Out of the box the shift would be out of its range.
  return ((vec4(bits) >> (vec4<u32>(vec4(x1 - 1) - columns) & vec4(31u))) & vec4(1u)) == vec4(1u);
}

// Four pixels of an image, at some columns and a row of its box, which has so many `columns`: where each stands is the sum of
// what all have, what its column has and what its row has.
fn image_pixels(pool: Pool, words: u32, columns: u32, column: vec4<u32>, row: u32) -> vec4<u32> {
  // As many columns as the pool has words lead out of it just as well as more, and the sum does not wrap.
  let row_word = pooled(pool, words, 1u + min(columns, pool.size) + row);
  let start = pooled(pool, words, 0u) + row_word;
  var pixels: vec4<u32>;
  for (var i = 0u; i < 4u; i++) {
    pixels[i] = pooled(pool, start + pooled(pool, words, 1u + column[i]), 0u);
  }
  return pixels;
}

// Two channels at once, in the low and the high half of a word: each half of `t`, which has 128 too many,
// divided by 255.
fn divided(t: vec4<u32>) -> vec4<u32> {
  return ((t + ((t >> vec4(8u)) & vec4(0xff00ffu))) >> vec4(8u)) & vec4(0xff00ffu);
}

// Each half `round(s * d / 255)`.
fn multiplied(s: vec4<u32>, d: vec4<u32>) -> vec4<u32> {
  return divided((s & vec4(255u)) * (d & vec4(255u)) + (((s >> vec4(16u)) * (d >> vec4(16u))) << vec4(16u)) + 0x800080u);
}

// Each half of a sum of two, 255 at most.
fn saturated(sum: vec4<u32>) -> vec4<u32> {
  let over = sum & vec4(0x1000100u);
  return (sum | (over - (over >> vec4(8u)))) & vec4(0xff00ffu);
}

// Four opaque pixels blended by a mode; the results are opaque.
fn blended(mode: u32, source: u32, destination: vec4<u32>) -> vec4<u32> {
  let a = source >> 24u;
  var result = vec4(GROUND);
  // Red and blue, then green and alpha, which is 255 already; a loop, for compilers that would take long over both.
  for (var low = 0u; low <= 8u; low += 8u) {
    let d = (destination >> vec4(low)) & vec4(0xff00ffu);
    let b = mixed(mode, vec4((source >> low) & 0xff00ffu), d);
    result |= divided(b * a + 0x800080u + d * (255u - a)) << vec4(low);
  }
  return result;
}

// The same of four sources.
fn blended_each(mode: u32, sources: vec4<u32>, destination: vec4<u32>) -> vec4<u32> {
  let a = sources >> vec4(24u);
  var result = vec4(GROUND);
  for (var low = 0u; low <= 8u; low += 8u) {
    let d = (destination >> vec4(low)) & vec4(0xff00ffu);
    let b = mixed(mode, (sources >> vec4(low)) & vec4(0xff00ffu), d);
    result |= divided(b * a + vec4(0x800080u) + d * (vec4(255u) - a)) << vec4(low);
  }
  return result;
}

// The same of the mode `over`, and of one source, of which the first product is the same four times.
fn source_over(source: u32, destination: vec4<u32>) -> vec4<u32> {
  let a = source >> 24u;
  let d = destination & vec4(0xff00ffu);
  let d_green = (destination >> vec4(8u)) & vec4(255u);
  let red_and_blue = divided(vec4((source & 0xff00ffu) * a + 0x800080u) + d * (255u - a));
  let green = divided(vec4(((source >> 8u) & 255u) * a + 0x800080u) + d_green * (255u - a));
  return vec4(GROUND) | (green << vec4(8u)) | red_and_blue;
}

// The canvas that a tile is of: its columns, the rows that are painted, and where its first painted pixel and its pool are.
struct Canvas { width: u32, top: u32, bottom: u32, tiles_x: u32, first_tile: u32, output: u32, pool: Pool }

fn canvas_of(tile: u32) -> Canvas {
  if (!BATCH) {
    let pool = Pool(param(PARAM_POOL), param(PARAM_POOL_SIZE));
    let rows = vec2(param(PARAM_BAND_TOP), param(PARAM_BAND_BOTTOM));
    return Canvas(param(PARAM_WIDTH), rows.x, rows.y, param(PARAM_TILES_X), 0u, 0u, pool);
  }
  let at = (param(PARAM_CANVASES) + scene[param(PARAM_OWNERS) + tile] * CANVAS_WORDS) / 4u;
  let front = shapes[at];
  let back = shapes[at + 1u];
  let pool = Pool(back[CANVAS_POOL % 4u], back[CANVAS_POOL_SIZE % 4u]);
  let tiles = vec2(front[CANVAS_TILES_X % 4u], front[CANVAS_FIRST_TILE % 4u]);
  return Canvas(front[CANVAS_WIDTH % 4u], 0u, front[CANVAS_HEIGHT % 4u], tiles.x, tiles.y, back[CANVAS_OUTPUT % 4u], pool);
}

@compute @workgroup_size(GPU_TILE_SIZE / PIXELS_PER_INVOCATION, GPU_TILE_SIZE, 1)
fn fine(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let tile = param(PARAM_FIRST_TILE) + group.z;
  let canvas = canvas_of(tile);
  let tile_x = (tile - canvas.first_tile) % canvas.tiles_x;
  let tile_y = (tile - canvas.first_tile) / canvas.tiles_x;
  let x = tile_x * param(PARAM_TILE_SIZE) + group.x * GPU_TILE_SIZE + local.x * PIXELS_PER_INVOCATION;
  let y = tile_y * param(PARAM_TILE_SIZE) + group.y * GPU_TILE_SIZE + local.y;
  if (x >= canvas.width || y < canvas.top || y >= canvas.bottom) { return; }
  let pixel = canvas.output + (y - canvas.top) * canvas.width + x;
  // Pixels of the canvas among the four.
  let count = min(PIXELS_PER_INVOCATION, canvas.width - x);

  let offset = param(PARAM_OFFSETS) + tile;
  let skip = param(PARAM_SKIP);
  let last = scene[offset + 1u];
  // Never past the tile's own entries, and no sum that could wrap.
  let first = min(scene[offset] + skip, last);
  let end = first + min(param(PARAM_TAKE), last - first);

  var color = vec4(GROUND);
  if (!BATCH && param(PARAM_BEGUN) > 0u) {
    color.x = band[pixel];
    if (count > 1u) { color.y = band[pixel + 1u]; }
    if (count > 2u) { color.z = band[pixel + 2u]; }
    if (count > 3u) { color.w = band[pixel + 3u]; }
  }
  let entries = param(PARAM_ENTRIES);
  let pool = canvas.pool;
  let columns = vec4(i32(x)) + vec4(0, 1, 2, 3);
  // A device in software carries out all that a loop's body can do, and once more where the loop begins with its test: so
  // the test comes last, and plain shapes go round in a loop of their own.
  var entry = first;
  loop {
    if (entry >= end) { break; }
    loop {
      let at = scene[entries + entry] * (SHAPE_WORDS / 4u);
      let front = shapes[at];
      let back = shapes[at + 1u];
      let tag = front[WORD_TAG % 4u];
      if (((tag != TAG_RECT) & (tag != TAG_GLYPH)) | (back[WORD_BLEND % 4u] != BLEND_OVER)) { break; }
      let y0 = bitcast<i32>(front[WORD_Y0 % 4u]);
      if (i32(y) < y0 || i32(y) >= bitcast<i32>(back[WORD_Y1 % 4u])) { continue; }
      var covered = in_box(front, back, columns);
      if (!any(covered)) { continue; }
      if (tag == TAG_GLYPH) {
        covered &= in_bitmap(pooled(pool, back[WORD_POOL % 4u], u32(i32(y) - y0)), back, columns);
      }
      let source = front[WORD_COLOR % 4u];
      let alpha = source >> 24u;
      if (alpha == 255u) {
        color = select(color, vec4(source), covered);
      } else if (alpha > 0u) {
        color = select(color, source_over(source, color), covered);
      }
      continuing {
        entry++;
        break if entry >= end;
      }
    }
    if (!EVERY_SHAPE || entry >= end) { break; }
    let at = scene[entries + entry] * (SHAPE_WORDS / 4u);
    let front = shapes[at];
    let back = shapes[at + 1u];
    let y0 = bitcast<i32>(front[WORD_Y0 % 4u]);
    if (i32(y) < y0 || i32(y) >= bitcast<i32>(back[WORD_Y1 % 4u])) { continue; }
    var covered = in_box(front, back, columns);
    if (!any(covered)) { continue; }
    let row = u32(i32(y) - y0);
    let words = back[WORD_POOL % 4u];
    let source = front[WORD_COLOR % 4u];
    var sources = vec4(source);
    switch front[WORD_TAG % 4u] {
      case TAG_RECT: {}
      case TAG_GLYPH: { covered &= in_bitmap(pooled(pool, words, row), back, columns); }
      case TAG_SPANS: {
        // It does not wrap: where no row has a run the tile does not list the shape.
        let run = 2u * row;
        covered &= columns >= vec4(bitcast<i32>(pooled(pool, words, run)));
        covered &= columns < vec4(bitcast<i32>(pooled(pool, words, run + 1u)));
      }
      case TAG_IMAGE: {
        if (!IMAGES) { continue; }
        let x0 = bitcast<i32>(front[WORD_X0 % 4u]);
        let across = bitcast<u32>(bitcast<i32>(back[WORD_X1 % 4u]) - x0);
        sources = image_pixels(pool, words, across, bitcast<vec4<u32>>(columns - vec4(x0)), row);
      }
      default: { continue; }
    }
    let mode = back[WORD_BLEND % 4u];
    if (IMAGES) {
      color = select(color, blended_each(mode, sources, color), covered);
    } else {
      color = select(color, blended(mode, source, color), covered);
    }
    continuing {
      entry++;
      break if entry >= end;
    }
  }
  band[pixel] = color.x;
  if (count > 1u) { band[pixel + 1u] = color.y; }
  if (count > 2u) { band[pixel + 2u] = color.z; }
  if (count > 3u) { band[pixel + 3u] = color.w; }
}
