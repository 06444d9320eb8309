// The learning curve: loss, and held-out loss dashed; a logarithmic scale where all is above zero.
import { $, css, element, number, table } from "./dom.js";

export function drawCurve(frame) {
  const canvas = $("curve"), context = canvas.getContext("2d"), points = [];
  for (let k = 0; k < frame.curve.length; k += 3) points.push([frame.curve[k], frame.curve[k + 1], frame.curve[k + 2]]);
  const values = points.flatMap(([, a, b]) => [a, b]).filter(Number.isFinite);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!values.length) return;
  const logarithmic = Math.min(...values) > 0, scaled = (value) => logarithmic ? Math.log10(value) : value;
  const low = Math.min(...values.map(scaled)), high = Math.max(...values.map(scaled)), last = Math.max(1, points.at(-1)[0]);
  const at = (epoch, value) => [52 + (canvas.width - 60) * epoch / last, 10 + (canvas.height - 34) * (high - scaled(value)) / (high - low || 1)];
  for (const [column, dash, colour] of [[1, [], "--minus"], [2, [6, 4], "--plus"]]) {
    context.beginPath(); context.setLineDash(dash); context.strokeStyle = css(colour); context.lineWidth = 2;
    for (const point of points) if (Number.isFinite(point[column])) context.lineTo(...at(point[0], point[column]));
    context.stroke();
  }
  context.fillStyle = css("--soft"); context.font = "12px system-ui"; context.setLineDash([]);
  const shown = (value) => number(+(logarithmic ? 10 ** value : value).toPrecision(3));
  context.fillText(shown(high), 2, 14); context.fillText(shown(low), 2, canvas.height - 22);
  context.fillText("0", 52, canvas.height - 4); context.textAlign = "right";
  context.fillText(`epoch ${points.at(-1)[0]}`, canvas.width - 6, canvas.height - 4); context.textAlign = "left";
  canvas.setAttribute("aria-label", `The learning curve: loss ${number(points[0][1])} at first, ${number(points.at(-1)[1])} now`);
  if ($("curve-table").open) $("curve-table").lastElementChild.replaceChildren(element("div", { className: "scroll" }, table("epoch, loss, held-out loss", points.filter((_, k) => k % Math.ceil(points.length / 40) === 0))));
}
