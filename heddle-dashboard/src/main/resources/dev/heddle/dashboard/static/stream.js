// Who ran what when: a lane a slot, on a canvas.
import { h, text, card, empty, code, ask, count, span, bytes, colorOf, css, sharp, showTip, hideTip, bar } from './core.js';
import { step } from './charts.js';

const SPANS_MAX = 120_000;
const LANE = 22;
const THIN = 12;
const AXIS = 24;
/** Higher than a sheet of paper, it would be cut in two. */
const WHOLE_MAX = 900;
const FONT = '11.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const RAN = 0;
const FAILED = 1;
const FETCHED = 2;
const SPILLED = 3;

/** All that is known, whether or not it is shown. Times are microseconds since `zero`. */
const data = { last: 0, zero: 0, names: [], lanes: [], rows: [], size: 0, end: 0, start: 0, gaps: 0, counts: new Map() };
let view = null;

export const stream = {
  id: 'stream',
  title: 'Task stream',

  show(panel, state) {
    const canvas = h('canvas');
    const spacer = h('div', { class: 'spacer' });
    const stage = h('div', {
      class: 'stage', tabindex: '0', role: 'application',
      'aria-label': `Task stream. Arrow keys move, plus and minus zoom, F shows all${state.finished ? '' : ', L follows what happens now'}.`,
    }, canvas, spacer);
    view = { state, canvas, spacer, stage, from: 0, to: 30e6, live: !state.finished, whole: false, hovered: null, dragging: null };
    view.legend = h('ul', { class: 'legend' });
    view.button = (label, action, pressed) => h('button', { type: 'button', onclick: action, 'aria-pressed': pressed }, label);
    view.liveButton = view.button('Live', follow, 'true');
    view.note = h('span', { class: 'note' });
    const nearer = view.button('+', () => zoom(0.5));
    const farther = view.button('−', () => zoom(2));
    nearer.setAttribute('aria-label', 'Zoom in');
    farther.setAttribute('aria-label', 'Zoom out');
    const tools = h('div', { class: 'tools' }, state.finished ? null : view.liveButton, view.button('All', fit), nearer, farther, view.note);
    view.empty = state.finished ? empty('Nothing that ran is known', 'Workers remember what they ran lately; none of them told of anything.') : empty('Nothing has run while this page was open',
      'Each task that runs from now on shows as a block in the lane of its slot. Run ', code('heddle demo'), ' or any program of yours.');
    view.card = card('Who ran what, when', '', tools, view.empty, stage, h('div', { class: 'body' }, view.legend));
    panel.append(view.card);
    canvas.addEventListener('wheel', (event) => {
      if (event.shiftKey || (!event.ctrlKey && Math.abs(event.deltaX) < Math.abs(event.deltaY) && stage.scrollHeight > stage.clientHeight + 2 && !event.altKey)) return;
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX / plot().width * (view.to - view.from));
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.offsetX));
    }, { passive: false });
    canvas.addEventListener('pointerdown', (event) => {
      view.dragging = { x: event.clientX, from: view.from, to: view.to, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', moved);
    canvas.addEventListener('pointerup', released);
    canvas.addEventListener('pointercancel', () => { view.dragging = null; });
    canvas.addEventListener('pointerleave', () => { view.hovered = null; hideTip(); schedule(); });
    stage.addEventListener('scroll', schedule);
    stage.addEventListener('keydown', keys);
    view.resizing = new ResizeObserver(schedule);
    view.resizing.observe(stage);
    schedule();
  },

  hide() {
    view.resizing.disconnect();
    hideTip();
    view = null;
  },

  update() {
    schedule();
  },

  /** On paper nothing can be scrolled, and it is light. */
  print(on) {
    view.whole = on;
    if (on) document.documentElement.dataset.theme = 'light';
    else delete document.documentElement.dataset.theme;
    draw();
  },

  async tick() {
    for (;;) {
      const answer = await ask('/api/stream', { after: data.last });
      take(answer);
      if (view?.state.finished) fit();
      schedule();
      if (answer.last >= answer.count || !view) break;
    }
  },
};

/** For tests and the curious. */
globalThis.heddleStream = data;

function take(answer) {
  if (answer.count < data.last) { // The page's server began anew.
    Object.assign(data, { last: 0, names: [], lanes: [], rows: [], size: 0, end: 0, start: 0, counts: new Map() });
    return;
  }
  if (!data.size && answer.s.length) {
    data.zero = answer.base;
    data.start = Infinity;
  }
  data.names = answer.names;
  data.gaps = answer.gaps;
  if (answer.lanes.length !== data.lanes.length) {
    for (let at = data.lanes.length; at < answer.lanes.length; at++) {
      const [worker, slot] = answer.lanes[at];
      data.rows.push({ worker, slot, s: [], d: [], n: [], k: [], number: [], sorted: true, longest: 0 });
    }
    data.lanes = answer.lanes;
  }
  const shift = answer.base - data.zero;
  for (let at = 0; at < answer.s.length; at++) {
    const row = data.rows[answer.l[at]];
    const start = answer.s[at] + shift;
    if (row.s.length && start < row.s[row.s.length - 1]) row.sorted = false;
    row.s.push(start);
    row.d.push(answer.d[at]);
    row.n.push(answer.n[at]);
    row.k.push(answer.k[at]);
    row.number.push(answer.first + at);
    row.longest = Math.max(row.longest, answer.d[at]);
    data.start = Math.min(data.start, start);
    data.end = Math.max(data.end, start + answer.d[at]);
    if (answer.k[at] < FETCHED) data.counts.set(answer.n[at], (data.counts.get(answer.n[at]) || 0) + 1);
  }
  data.size += answer.s.length;
  data.last = answer.last;
  for (const row of data.rows) if (!row.sorted) sort(row);
  if (data.size > SPANS_MAX) forget();
}

function sort(row) {
  const order = row.s.map((_, at) => at).sort((a, b) => row.s[a] - row.s[b]);
  for (const column of ['s', 'd', 'n', 'k', 'number']) row[column] = order.map((at) => row[column][at]);
  row.sorted = true;
}

/** The older half of what is too much. */
function forget() {
  const cut = data.last - SPANS_MAX / 1.2;
  data.size = 0;
  data.start = Infinity;
  for (const row of data.rows) {
    const keep = row.number.map((number, at) => (number >= cut ? at : -1)).filter((at) => at >= 0);
    for (const column of ['s', 'd', 'n', 'k', 'number']) row[column] = keep.map((at) => row[column][at]);
    data.size += keep.length;
    if (row.s.length) data.start = Math.min(data.start, row.s[0]);
  }
}

// --- where things are

function order() {
  const rows = data.rows.map((row, at) => ({ row, at }));
  rows.sort((a, b) => a.row.worker.localeCompare(b.row.worker, 'en', { numeric: true }) || rank(a.row.slot) - rank(b.row.slot));
  const height = Math.max(LANE, Math.min(36, 260 / rows.length));
  let y = 0;
  let before = '';
  for (const each of rows) {
    if (before && before !== each.row.worker) y += 8;
    before = each.row.worker;
    each.y = y;
    each.height = each.row.slot < 0 ? THIN : height;
    y += each.height + 2;
  }
  rows.height = y;
  return rows;
}

/** Transfers come below the slots of their worker. */
function rank(slot) {
  return slot < 0 ? 1e9 - slot : slot === 0 ? 1e8 : slot;
}

function plot() {
  const width = view.stage.clientWidth;
  const left = width < 560 ? 84 : 150;
  return { left, width: width - left - 8, right: width - 8, height: view.stage.clientHeight };
}

function timeAt(x) {
  const at = plot();
  return view.from + (x - at.left) / at.width * (view.to - view.from);
}

function nowMicros() {
  return view.state.last ? view.state.last.at * 1000 - data.zero : data.end;
}

function fit() {
  if (!data.size) return;
  view.live = false;
  const margin = Math.max(1000, (data.end - data.start) * 0.01);
  view.from = data.start - margin;
  view.to = data.end + margin;
  schedule();
}

function follow() {
  view.live = !view.state.finished;
  schedule();
}

function zoom(factor, around = (view.from + view.to) / 2) {
  const length = Math.max(20, Math.min(3600e6, (view.to - view.from) * factor));
  const share = (around - view.from) / (view.to - view.from);
  if (view.live) {
    view.from = view.to - length;
  } else {
    view.from = around - share * length;
    view.to = view.from + length;
  }
  schedule();
}

function pan(micros) {
  view.live = false;
  view.from += micros;
  view.to += micros;
  schedule();
}

function keys(event) {
  const length = view.to - view.from;
  const action = {
    ArrowLeft: () => pan(-length * 0.15), ArrowRight: () => pan(length * 0.15), '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2),
    f: fit, F: fit, l: follow, L: follow,
  }[event.key];
  if (!action || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  action();
}

function moved(event) {
  if (view.dragging) {
    const by = event.clientX - view.dragging.x;
    if (Math.abs(by) > 3) {
      view.dragging.moved = true;
      view.live = false;
      const length = view.dragging.to - view.dragging.from;
      view.from = view.dragging.from - by / plot().width * length;
      view.to = view.from + length;
      schedule();
    }
    return;
  }
  const found = under(event.offsetX, event.offsetY);
  const same = found && view.hovered && found.number === view.hovered.number;
  view.hovered = found;
  schedule();
  if (!found) {
    hideTip();
    return;
  }
  tipFor(found, event.clientX, event.clientY);
  if (!same) detail(found, event.clientX, event.clientY);
}

function released(event) {
  const click = view.dragging && !view.dragging.moved;
  view.dragging = null;
  const found = click && under(event.offsetX, event.offsetY);
  if (found) {
    hideTip();
    ask('/api/span', { number: found.number }).then((known) => known.known && view?.state.openTask?.(known.key)).catch(() => {});
  }
}

function under(x, y) {
  const at = plot();
  if (x < at.left || y < AXIS) return null;
  const inside = y - AXIS + view.stage.scrollTop;
  const lane = order().find((each) => inside >= each.y && inside < each.y + each.height);
  if (!lane) return null;
  const { row } = lane;
  const time = timeAt(x);
  const slack = (view.to - view.from) / at.width * 2;
  for (let i = lowest(row, time + slack); i >= 0 && row.s[i] > time - row.longest - slack; i--) {
    if (row.s[i] - slack <= time && row.s[i] + row.d[i] + slack >= time) return { row, i, number: row.number[i] };
  }
  return null;
}

/** The place of the last that starts before `time`. */
function lowest(row, time) {
  let low = 0;
  let high = row.s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row.s[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function tipFor({ row, i }, x, y, known) {
  const what = row.k[i] === SPILLED ? 'written to disk' : row.k[i] === FETCHED ? 'fetched' : row.k[i] === FAILED ? 'failed' : 'ran';
  showTip(x, y, h('b', {}, known ? known.key : data.names[row.n[i]]),
    h('span', { class: 'dim' }, `${what} ${row.k[i] >= FETCHED ? 'in' : 'for'} ${span(row.d[i])}${known && known.bytes ? `, ${bytes(known.bytes)}${known.from ? ` from ${known.from}` : ''}` : ''}`),
    h('span', { class: 'dim' }, `${laneName(row)}, at ${new Date((data.zero + row.s[i]) / 1000).toLocaleTimeString()}`));
}

function laneName(row) {
  return row.slot === -2 ? `${row.worker}’s disk` : row.slot === -1 ? `into ${row.worker}` : row.slot === 0 ? `${row.worker}, without a slot` : `${row.worker}, slot ${row.slot}`;
}

async function detail(found, x, y) {
  const known = await ask('/api/span', { number: found.number }).catch(() => null);
  if (known?.known && view?.hovered?.number === found.number) tipFor(found, x, y, known);
}

// --- drawing

let scheduled = false;

function schedule() {
  if (scheduled || !view) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    if (view) draw();
  });
}

function draw() {
  const began = performance.now();
  view.empty.hidden = data.size > 0;
  view.stage.hidden = data.size === 0;
  view.legend.hidden = data.size === 0;
  view.liveButton.setAttribute('aria-pressed', String(view.live));
  if (!data.size) return;
  if (view.live) {
    const length = view.to - view.from;
    view.to = Math.max(data.end, nowMicros()) + length * 0.02;
    view.from = view.to - length;
  }
  const rows = order();
  const at = plot();
  const wanted = Math.max(120, Math.min(rows.height + AXIS + 10, view.whole ? WHOLE_MAX : Math.max(260, innerHeight * 0.62)));
  if (Math.abs(view.stage.clientHeight - wanted) > 1) view.stage.style.height = `${wanted}px`;
  at.height = view.stage.clientHeight;
  view.spacer.style.height = `${Math.max(0, rows.height + AXIS + 8 - at.height)}px`;
  view.canvas.style.height = `${at.height}px`;
  const context = sharp(view.canvas, view.stage.clientWidth, at.height);
  context.font = FONT;
  context.textBaseline = 'middle';
  const scale = at.width / (view.to - view.from);
  const colors = data.names.map(colorOf);
  const fail = css('--fail');
  const transfer = css('--xfer');
  const spill = css('--queue');
  const sunken = css('--sunken');
  const ink = css('--text');
  const muted = css('--muted');
  const panel = css('--panel');
  let drawn = 0;
  let shownSpans = 0;
  let worker = '';
  for (const lane of rows) {
    const y = lane.y + AXIS - view.stage.scrollTop;
    if (y + lane.height < AXIS || y > at.height) { worker = lane.row.worker; continue; }
    context.fillStyle = sunken;
    context.fillRect(at.left, y, at.width, lane.height);
    context.save();
    context.beginPath();
    context.rect(at.left, Math.max(AXIS, y), at.width, lane.height);
    context.clip();
    const { row } = lane;
    let i = lowest(row, view.from - row.longest) + 1;
    const end = lowest(row, view.to);
    let edge = -1;
    let edgeFailed = false;
    for (; i <= end; i++) {
      const left = at.left + (row.s[i] - view.from) * scale;
      const width = row.d[i] * scale;
      if (left + width < at.left) continue;
      shownSpans++;
      const color = row.k[i] === SPILLED ? spill : row.k[i] === FETCHED ? transfer : row.k[i] === FAILED ? fail : colors[row.n[i]];
      // Of what falls on one pixel, one is drawn, and a failure over anything else.
      const pixel = Math.floor(left);
      const failed = row.k[i] === FAILED;
      if (width < 1 && pixel === edge && (edgeFailed || !failed)) continue;
      edgeFailed = failed;
      context.fillStyle = color;
      const w = width < 1 ? 1 : width > 3 ? width - 0.75 : width;
      context.fillRect(width < 1 ? pixel : left, y + (row.k[i] >= FETCHED ? 3 : 1), w, lane.height - (row.k[i] >= FETCHED ? 6 : 2));
      edge = width < 1 ? pixel : Math.floor(left + w);
      drawn++;
      if (width > 64 && row.k[i] < FETCHED) {
        context.fillStyle = panel < '#8' ? '#10131c' : '#ffffff';
        context.textAlign = 'left';
        const label = data.names[row.n[i]];
        const visible = Math.max(left, at.left);
        if (context.measureText(label).width < left + width - visible - 10) context.fillText(label, visible + 5, y + lane.height / 2 + 0.5);
      }
    }
    if (view.hovered && view.hovered.row === row) {
      context.strokeStyle = ink;
      context.lineWidth = 1.5;
      context.strokeRect(at.left + (row.s[view.hovered.i] - view.from) * scale, y + 0.75, Math.max(2, row.d[view.hovered.i] * scale), lane.height - 1.5);
    }
    context.restore();
    if (y + lane.height > AXIS + 4) {
      context.textAlign = 'right';
      context.fillStyle = muted;
      const slot = row.slot === -2 ? 'to disk' : row.slot === -1 ? 'fetched' : row.slot === 0 ? 'no slot' : `slot ${row.slot}`;
      context.fillText(slot, at.left - 8, y + lane.height / 2);
      if (worker !== row.worker) {
        context.textAlign = 'left';
        context.fillStyle = ink;
        let name = row.worker;
        const room = at.left - 22 - context.measureText(slot).width;
        while (name.length > 3 && context.measureText(name).width > room) name = `${name.slice(0, -2)}…`;
        context.fillText(name, 10, y + lane.height / 2);
      }
    }
    worker = row.worker;
  }
  axis(context, at, scale, panel, muted);
  view.drawn = { drawn, shownSpans, millis: performance.now() - began };
  data.millis = view.drawn.millis;
  text(view.note, `${span(view.to - view.from)} across; ${count(data.size)} blocks known${data.gaps ? '; workers did more than could be asked for, so there are gaps' : ''}`);
  legend();
}

function axis(context, at, scale, panel, muted) {
  context.fillStyle = panel;
  context.fillRect(0, 0, view.stage.clientWidth, AXIS);
  context.textAlign = 'center';
  context.fillStyle = muted;
  const tick = step(view.to - view.from, Math.max(2, at.width / 110));
  const origin = view.live ? view.to : data.start;
  for (let k = Math.ceil((view.from - origin) / tick); k * tick + origin < view.to; k++) {
    const x = at.left + (k * tick + origin - view.from) * scale;
    const label = k === 0 ? (view.live ? 'now' : '0') : `${k < 0 ? '−' : ''}${span(Math.abs(k * tick)).replace(/\.0+ /, ' ')}`;
    if (x > at.left + 18 && x < at.right - 18) context.fillText(label, x, AXIS / 2);
    context.globalAlpha = 0.25;
    context.fillRect(Math.round(x), AXIS - 4, 1, 4);
    context.globalAlpha = 1;
  }
}

function legend() {
  const top = [...data.counts].sort((a, b) => b[1] - a[1]).slice(0, 12);
  const items = top.map(([name, many]) => {
    const chip = h('span', { class: 'chip' });
    chip.style.background = colorOf(data.names[name]);
    return h('li', {}, chip, data.names[name], h('b', {}, count(many)));
  });
  const fetched = h('span', { class: 'chip' });
  fetched.style.background = css('--xfer');
  items.push(h('li', {}, fetched, 'fetched from another worker'), h('li', {}, h('span', { class: 'chip s-queued' }), 'written to disk'), h('li', {}, h('span', { class: 'chip s-erred' }), 'failed'));
  view.legend.replaceChildren(...items);
}
