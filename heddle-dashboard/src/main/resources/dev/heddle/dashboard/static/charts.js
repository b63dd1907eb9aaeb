// A line over time, with what it is under the pointer.
import { h, css, sharp, showTip, hideTip } from './core.js';

const FONT = '11.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

/** Round steps: 1, 2 or 5 times a power of ten. */
export function step(range, most) {
  const rough = range / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) || power;
}

export class LineChart {
  constructor(label, format) {
    this.format = format;
    this.points = [];
    this.canvas = h('canvas', { role: 'img', 'aria-label': label });
    this.element = h('div', { class: 'chart' }, this.canvas);
    this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.addEventListener('pointerleave', () => { this.at = -1; hideTip(); this.draw(); });
    this.at = -1;
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(this.element);
  }

  /** points: [[millis, value]], oldest first. */
  show(points) {
    this.points = points;
    this.draw();
  }

  scale() {
    const { width, height } = this.element.getBoundingClientRect();
    const end = this.points.length ? this.points[this.points.length - 1][0] : Date.now();
    const start = Math.min(end - 60_000, this.points.length ? this.points[0][0] : end);
    const top = Math.max(1, ...this.points.map((point) => point[1]));
    const tick = step(top, 3);
    const max = Math.ceil(top / tick) * tick;
    const left = 58;
    return { width, height, start, end, max, tick, left, right: width - 12, bottom: height - 22, top: 8,
      x: (millis) => left + (millis - start) / (end - start || 1) * (width - 12 - left),
      y: (value) => height - 22 - value / max * (height - 30) };
  }

  draw() {
    const at = this.scale();
    if (at.width < 10) return;
    const context = sharp(this.canvas, at.width, at.height);
    context.font = FONT;
    context.textBaseline = 'middle';
    context.lineWidth = 1;
    for (let value = 0; value <= at.max * 1.001; value += at.tick) {
      const y = Math.round(at.y(value)) + 0.5;
      context.strokeStyle = css('--line');
      context.beginPath();
      context.moveTo(at.left, y);
      context.lineTo(at.right, y);
      context.stroke();
      context.fillStyle = css('--muted');
      context.textAlign = 'right';
      context.fillText(this.format(value), at.left - 8, y);
    }
    context.textBaseline = 'alphabetic';
    const seconds = (at.end - at.start) / 1000;
    const each = [10, 15, 30, 60, 120, 300, 600].find((candidate) => seconds / candidate <= (at.right - at.left) / 90) || 1200;
    for (let back = 0; back <= seconds; back += each) {
      context.textAlign = back === 0 ? 'right' : 'center';
      const label = back === 0 ? 'now' : back % 60 === 0 ? `−${back / 60} min` : `−${back} s`;
      const x = at.x(at.end - back * 1000);
      if (x > at.left + 24 || back === 0) context.fillText(label, x, at.height - 5);
    }
    if (this.points.length < 2) return;
    context.beginPath();
    this.points.forEach(([millis, value], index) => {
      if (index) context.lineTo(at.x(millis), at.y(value));
      else context.moveTo(at.x(millis), at.y(value));
    });
    context.strokeStyle = css('--run');
    context.lineWidth = 1.75;
    context.lineJoin = 'round';
    context.stroke();
    context.lineTo(at.x(this.points[this.points.length - 1][0]), at.bottom);
    context.lineTo(at.x(this.points[0][0]), at.bottom);
    context.globalAlpha = 0.12;
    context.fillStyle = css('--run');
    context.fill();
    context.globalAlpha = 1;
    if (this.at >= 0 && this.points[this.at]) {
      const [millis, value] = this.points[this.at];
      context.fillStyle = css('--run');
      context.beginPath();
      context.arc(at.x(millis), at.y(value), 3.5, 0, 7);
      context.fill();
    }
  }

  hover(event) {
    if (this.points.length < 2) return;
    const box = this.canvas.getBoundingClientRect();
    const at = this.scale();
    const x = event.clientX - box.left;
    this.at = 0;
    this.points.forEach(([millis], index) => {
      if (Math.abs(at.x(millis) - x) < Math.abs(at.x(this.points[this.at][0]) - x)) this.at = index;
    });
    this.draw();
    const [millis, value] = this.points[this.at];
    showTip(event.clientX, event.clientY, h('b', {}, this.format(value)),
      h('span', { class: 'dim' }, new Date(millis).toLocaleTimeString()));
  }
}
