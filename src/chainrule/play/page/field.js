// The decision picture: outputs as colours, samples as marks of colour and shape, all in colours that can be told apart.
import { $, css, number, scheme } from "./dom.js";

const CLASSES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#666666", "#8c6bb1", "#a6761d"].map(rgb);
function rgb(hex) { return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)); }
const mix = (a, b, share) => a.map((value, k) => value + (b[k] - value) * share);
const MIDDLE = [247, 247, 247];
const between = (share) => share < 0.5 ? mix(CLASSES[0], MIDDLE, 2 * share) : mix(MIDDLE, CLASSES[1], 2 * share - 1);
const packed = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;  // a pixel as browsers keep it
const SCALE = Int32Array.from({ length: 256 }, (_, k) => packed(between(k / 255)));
const SURE = CLASSES.map((colour) => Int32Array.from({ length: 256 }, (_, k) => packed(mix(MIDDLE, colour, k / 255))));

let picture = new ImageData(1, 1), shown = {};

export function drawField(frame, about) {
  const canvas = $("field"), one = about.widths[0] === 1, size = one ? $("samples").width : frame.size;
  if (canvas.width !== size) canvas.width = canvas.height = size;  // the browser scales it: a pixel a number
  if (one) drawFitted(canvas.getContext("2d"), canvas, frame, about);
  else {
    if (picture.width !== size) picture = new ImageData(size, size);
    const plane = size * size, pixels = new Int32Array(picture.data.buffer), field = frame.field;
    if (about.classes.length > 1 && about.widths.at(-1) > 1) for (let k = 0; k < plane; k++) pixels[k] = SURE[field[k]][field[plane + k]];
    else for (let k = 0; k < plane; k++) pixels[k] = SCALE[field[k]];
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }
  if (shown.samples !== about.samples || shown.chosen !== about.chosen || shown.dark !== scheme()) {
    drawSamples($("samples"), about);
    shown = { samples: about.samples, chosen: about.chosen, dark: scheme() };
  }
}

export function place(about, x, y, canvas) {
  const [left, right, bottom, top] = edges(about);
  return [(x - left) / (right - left) * canvas.width, (top - y) / (top - bottom) * canvas.height];
}
export function edges(about) {
  if (about.widths[0] > 1) return about.box;
  const [low, high] = about.range, margin = 0.15 * (high - low);
  return [about.box[0], about.box[1], low - margin, high + margin];
}

function drawFitted(context, canvas, frame, about) {
  context.fillStyle = css("--panel"); context.fillRect(0, 0, canvas.width, canvas.height);
  const [low, high] = about.range;
  context.beginPath(); context.strokeStyle = css("--plus"); context.lineWidth = 3;
  frame.field.forEach((value, k) => {
    const x = about.box[0] + (about.box[1] - about.box[0]) * k / (frame.size - 1);
    context.lineTo(...place(about, x, low + value / 255 * (high - low), canvas));
  });
  context.stroke();
}

function drawSamples(canvas, about) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  const { x, y, t } = about.samples, one = about.widths[0] === 1, [low, high] = about.range;
  [...t.keys(), about.chosen].forEach((k) => {  // the chosen one on top
    const target = t[k], [px, py] = place(about, x[k], one ? target : y[k], canvas);
    const colour = about.classes.length ? CLASSES[target % 10] : between((target - low) / (high - low));
    mark(context, px, py, about.classes.length ? target : 0, colour, k === about.chosen);
  });
}

export function mark(context, x, y, kind, colour, chosen) {
  const r = chosen ? 8 : 4.5, corners = [0, 4, 3, 5, 4, 3, 6, 8, 5, 4][kind % 10];
  context.beginPath();
  if (corners === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else for (let k = 0; k < corners; k++) context.lineTo(x + 1.15 * r * Math.sin(2 * Math.PI * (k + 0.5) / corners), y - 1.15 * r * Math.cos(2 * Math.PI * (k + 0.5) / corners));
  context.closePath();
  context.fillStyle = `rgb(${colour})`; context.strokeStyle = chosen ? "#000" : "#fff"; context.lineWidth = chosen ? 3 : 1.2;
  context.fill(); context.stroke();
}

export const SIDE = 24;  // of a unit's picture

// The pictures of units, one below the other.
export function unitPictures(bytes, count, rows) {
  const made = new ImageData(SIDE, SIDE * Math.max(1, count)), pixels = new Int32Array(made.data.buffer), each = rows * SIDE;
  for (let unit = 0; unit < count; unit++) for (let k = 0; k < SIDE * SIDE; k++) pixels[unit * SIDE * SIDE + k] = SCALE[bytes[unit * each + (rows === 1 ? k % SIDE : k)]];
  return made;
}

export function legend(about) {
  const names = about.classes.length ? about.classes.map((name, k) => `${["●", "■", "▲", "⬟", "■", "▲", "⬢", "⯃", "⬟", "■"][k]} class ${name}`).join("  ") : `from ${number(about.range[0])} (blue) to ${number(about.range[1])} (orange)`;
  return `${about.features[about.view.x % about.features.length]} across${about.widths[0] > 1 ? `, ${about.features[about.view.y % about.features.length]} up` : ""}. ${names}`;
}
