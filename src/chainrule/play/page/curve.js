// The learning curve: loss, and held-out loss dashed; a logarithmic scale where all is above zero.
import { $, css, element, number, table } from "./dom.js";

export function drawCurve(frame) {
  const canvas = $("curve"), context = canvas.getContext("2d"), { curve } = frame, count = curve.length / 3;
  let low = Infinity, high = -Infinity;
  for (let k = 0; k < curve.length; k++) if (k % 3 && Number.isFinite(curve[k])) { low = Math.min(low, curve[k]); high = Math.max(high, curve[k]); }
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (low > high) return;
  if (frame.lowest) low = Math.min(low, frame.lowest[1]);
  const logarithmic = low > 0, scaled = logarithmic ? Math.log10 : (value) => value, last = Math.max(1, curve[3 * count - 3]);
  [low, high] = [scaled(low), scaled(high)];
  const at = (epoch, value) => [52 + (canvas.width - 60) * epoch / last, 10 + (canvas.height - 34) * (high - scaled(value)) / (high - low || 1)];
  for (const [column, dash, colour] of [[1, [], "--minus"], [2, [6, 4], "--plus"]]) {
    context.beginPath(); context.setLineDash(dash); context.strokeStyle = css(colour); context.lineWidth = 2;
    for (let k = 0; k < curve.length; k += 3) if (Number.isFinite(curve[k + column])) context.lineTo(...at(curve[k], curve[k + column]));
    context.stroke();
  }
  context.fillStyle = css("--soft"); context.font = "12px system-ui"; context.setLineDash([]);
  const shown = (value) => number(+(logarithmic ? 10 ** value : value).toPrecision(3));
  context.fillText(shown(high), 2, 14); context.fillText(shown(low), 2, canvas.height - 22);
  context.fillText("0", 52, canvas.height - 4); context.textAlign = "right";
  context.fillText(`epoch ${curve[3 * count - 3]}`, canvas.width - 6, canvas.height - 4); context.textAlign = "left";
  const lowest = frame.lowest ? `, ${number(frame.lowest[1])} at its lowest, in epoch ${frame.lowest[0]}` : "";
  if (!frame.playing) canvas.setAttribute("aria-label", `The learning curve: loss ${number(curve[1])} at first, ${number(curve[3 * count - 2])} now${lowest}`);
  if (!$("curve-table").open) return;
  const rows = Array.from({ length: count }, (_, k) => Array.from(curve.subarray(3 * k, 3 * k + 3))), every = Math.ceil(count / 40);
  $("curve-table").lastElementChild.replaceChildren(element("div", { className: "scroll" }, table(`epoch, loss, held-out loss${lowest && `; ${lowest.slice(2)}`}`, rows.filter((_, k) => k % every === 0 || k === count - 1))));
}
