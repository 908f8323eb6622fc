// Fine rasterisation on the GPU, the twin of fine.ts: same lists, same rules, same bytes. Its constants
// are put before it by prelude.ts. Integers only; one invocation paints four pixels side by side.

// The shapes, bitmaps, tile offsets and tile entries of a plan, one after the other.
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
const_assert WORD_X1 / 4u == 1u && WORD_Y1 / 4u == 1u && WORD_BITMAP / 4u == 1u;

fn param(word: u32) -> u32 {
  return params[word / 4u][word % 4u];
}

// Two channels at once, in the low and the high half of a word, each
// `round((source * a + destination * (255 - a)) / 255)`.
fn blend(source: u32, a: u32, destination: vec4<u32>) -> vec4<u32> {
  let t = vec4((source & 0xff00ffu) * a + 0x800080u) + (destination & vec4(0xff00ffu)) * (255u - a);
  return ((t + ((t >> vec4(8u)) & vec4(0xff00ffu))) >> vec4(8u)) & vec4(0xff00ffu);
}

// Source-over on four opaque pixels; the results are opaque.
fn source_over(source: u32, destination: vec4<u32>) -> vec4<u32> {
  let a = source >> 24u;
  let red_and_blue = blend(source, a, destination);
  let green = blend((source >> 8u) & 255u, a, (destination >> vec4(8u)) & vec4(255u));
  return vec4(GROUND) | (green << vec4(8u)) | red_and_blue;
}

@compute @workgroup_size(GPU_TILE_SIZE / PIXELS_PER_INVOCATION, GPU_TILE_SIZE, 1)
fn fine(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let tile = param(PARAM_FIRST_TILE) + group.z;
  let tile_x = tile % param(PARAM_TILES_X);
  let tile_y = tile / param(PARAM_TILES_X);
  let x = tile_x * param(PARAM_TILE_SIZE) + group.x * GPU_TILE_SIZE + local.x * PIXELS_PER_INVOCATION;
  let y = tile_y * param(PARAM_TILE_SIZE) + group.y * GPU_TILE_SIZE + local.y;
  let width = param(PARAM_WIDTH);
  if (x >= width || y < param(PARAM_BAND_TOP) || y >= param(PARAM_BAND_BOTTOM)) { return; }
  let pixel = (y - param(PARAM_BAND_TOP)) * width + x;
  // Pixels of the canvas among the four.
  let count = min(PIXELS_PER_INVOCATION, width - x);

  let offset = param(PARAM_OFFSETS) + tile;
  let skip = param(PARAM_SKIP);
  let last = scene[offset + 1u];
  // Never past the tile's own entries, and no sum that could wrap.
  let first = min(scene[offset] + skip, last);
  let end = first + min(param(PARAM_TAKE), last - first);

  var color = vec4(GROUND);
  if (skip > 0u) {
    color.x = band[pixel];
    if (count > 1u) { color.y = band[pixel + 1u]; }
    if (count > 2u) { color.z = band[pixel + 2u]; }
    if (count > 3u) { color.w = band[pixel + 3u]; }
  }
  let entries = param(PARAM_ENTRIES);
  let bitmaps = param(PARAM_BITMAPS);
  let columns = vec4(i32(x)) + vec4(0, 1, 2, 3);
  for (var entry = first; entry < end; entry++) {
    let at = scene[entries + entry] * (SHAPE_WORDS / 4u);
    let front = shapes[at];
    let back = shapes[at + 1u];
    let y0 = bitcast<i32>(front[WORD_Y0 % 4u]);
    if (i32(y) < y0 || i32(y) >= bitcast<i32>(back[WORD_Y1 % 4u])) { continue; }
    let x1 = bitcast<i32>(back[WORD_X1 % 4u]);
    var covered = (columns >= vec4(bitcast<i32>(front[WORD_X0 % 4u]))) & (columns < vec4(x1));
    if (!any(covered)) { continue; }
    if (front[WORD_TAG % 4u] != TAG_RECT) {
      let bits = scene[bitmaps + back[WORD_BITMAP % 4u] + u32(i32(y) - y0)];
      // Out of the box the shift would be out of its range; the box has said no already.
      covered &= ((vec4(bits) >> (vec4<u32>(vec4(x1 - 1) - columns) & vec4(31u))) & vec4(1u)) == vec4(1u);
    }
    let source = front[WORD_COLOR % 4u];
    let alpha = source >> 24u;
    if (alpha == 255u) {
      color = select(color, vec4(source), covered);
    } else if (alpha > 0u) {
      color = select(color, source_over(source, color), covered);
    }
  }
  band[pixel] = color.x;
  if (count > 1u) { band[pixel + 1u] = color.y; }
  if (count > 2u) { band[pixel + 2u] = color.z; }
  if (count > 3u) { band[pixel + 3u] = color.w; }
}
