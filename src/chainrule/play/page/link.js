// The link to the server: questions with answers, frames, and the acknowledgement that lets the next frame come.
const token = new URLSearchParams(location.search).get("token");
export const address = (path, more = "") => `${path}?token=${encodeURIComponent(token)}${more}`;

export class Link {
  constructor(onFrame, onClosed) {
    this.waiting = new Map(); this.next = 1;
    this.socket = new WebSocket(`ws://${location.host}${address("/socket")}`);
    this.socket.binaryType = "arraybuffer";
    this.opened = new Promise((resolve) => { this.socket.onopen = resolve; });
    this.socket.onclose = (event) => onClosed(event.reason || "The connection has ended. Is chainrule play still running? Then reload.");
    this.socket.onmessage = ({ data }) => typeof data === "string" ? this.answered(JSON.parse(data)) : this.framed(data, onFrame);
  }

  framed(data, onFrame) {
    const frame = decode(data);
    const draw = () => { this.socket.send('{"kind":"ack"}'); onFrame(frame); };  // while this is drawn, the next is made
    if (document.hidden) setTimeout(draw, 200); else requestAnimationFrame(draw);
  }

  answered(answer) {
    const question = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (question && answer.error) question.reject(new Error(answer.error));
    else if (question) question.resolve(answer);
  }

  ask(kind, more = {}) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ kind, id, ...more }));
    });
  }
}

const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

export function decode(data) {
  const length = new DataView(data).getUint32(0, true);
  const frame = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
  let at = 4 + length;
  for (const [name, type, bytes] of frame.sections) { frame[name] = new TYPES[type](data.slice(at, at + bytes)); at += bytes; }
  return frame;
}
