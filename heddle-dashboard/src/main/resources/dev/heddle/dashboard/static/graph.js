// What waits for what: each task where there are few, all of one name together where there are many.
import { h, s, text, card, empty, code, ask, count, plural, bytes, STATES, stateText, showTip, hideTip } from './core.js';

/** On a narrower screen the drawing goes from top to bottom. */
const WIDE = 620;
let view = null;

export const graph = {
  id: 'graph',
  title: 'Graph',
  routed: true,

  show(panel, state, name) {
    view = { state, name, drawing: h('div', { class: 'drawing', tabindex: '0', role: 'group', 'aria-label': 'Task graph' }), legend: h('ul', { class: 'legend' }) };
    view.back = h('button', { type: 'button', onclick: () => state.go('graph') }, '← All tasks');
    view.note = h('span', { class: 'note' });
    view.empty = empty('No tasks to draw', 'Tasks show here while they are under way, and as long as a program holds their futures. ',
      'What is done and let go is gone from the graph. Run ', code('heddle demo'), ' to see one.');
    view.legend.append(...STATES.map(([each, label]) => h('li', {}, h('span', { class: `chip s-${each}` }), label)));
    view.card = card(name ? `Tasks of the name “${name}”` : 'What waits for what', '',
      h('div', { class: 'tools' }, name ? view.back : null, view.note), view.empty, view.drawing, h('div', { class: 'body' }, view.legend));
    view.drawing.hidden = true;
    view.empty.hidden = true;
    text(view.note, 'asking the scheduler …');
    panel.append(view.card);
  },

  hide() {
    hideTip();
    view = null;
  },

  async tick() {
    const mine = view;
    const answer = await ask('/api/graph', mine.name ? { name: mine.name } : {});
    if (view === mine) draw(answer);
  },

  failed(failure) {
    if (view && !(failure instanceof TypeError)) text(view.note, failure.message);
  },
};

function draw(answer) {
  const { nodes } = answer;
  view.empty.hidden = nodes.length > 0;
  view.drawing.hidden = nodes.length === 0;
  view.legend.hidden = nodes.length === 0;
  text(view.note, nodes.length === 0 ? '' : answer.folded
    ? `${plural(answer.tasks, 'task')} of ${plural(nodes.length + answer.omitted, 'name')}${answer.omitted ? `, of which ${count(answer.omitted)} are not drawn` : ''}. Choose a name to see its tasks.`
    : `${plural(answer.tasks, 'task')}${answer.omitted ? `; drawn are ${count(nodes.length)}, those first that failed or are under way` : ''}. Choose one for its story.`);
  if (!nodes.length) return;
  const room = view.drawing.clientWidth || 800;
  const down = room < WIDE;
  text(view.card.note, down ? 'values flow from top to bottom' : 'values flow from left to right');
  view.drawing.classList.toggle('free', down);
  const shape = JSON.stringify([answer.folded, down && room, nodes.map((node) => node.label), answer.edges]);
  if (shape !== view.shape) {
    view.shape = shape;
    if (answer.folded) boxes(answer, down && room);
    else pills(answer, down && room);
  }
  view.paint(answer);
}

/** In which column each node goes: after all its inputs, as far as there is no circle. */
function layers(answer) {
  const { nodes, edges } = answer;
  const after = nodes.map(() => []);
  const missing = nodes.map(() => 0);
  for (const [from, to] of edges) {
    if (from === to) continue;
    after[from].push(to);
    missing[to]++;
  }
  const layer = nodes.map(() => 0);
  const done = nodes.map(() => false);
  let ready = nodes.map((_, at) => at).filter((at) => missing[at] === 0);
  for (let left = nodes.length; left > 0;) {
    if (!ready.length) ready = [nodes.findIndex((_, at) => !done[at])]; // A circle: opened somewhere.
    const next = [];
    for (const at of ready) {
      if (done[at]) continue;
      done[at] = true;
      left--;
      for (const to of after[at]) {
        if (done[to]) continue;
        layer[to] = Math.max(layer[to], layer[at] + 1);
        if (--missing[to] === 0) next.push(to);
      }
    }
    ready = next;
  }
  const columns = [];
  layer.forEach((each, at) => (columns[each] ||= []).push(at));
  const columnsKept = columns.filter((column) => column);
  // Each near the middle of its inputs, a few times over.
  const place = nodes.map(() => 0);
  const before = nodes.map(() => []);
  for (const [from, to] of edges) if (from !== to) before[to].push(from);
  columnsKept.forEach((column) => column.forEach((at, index) => { place[at] = index; }));
  for (let round = 0; round < 3; round++) {
    for (const column of columnsKept) {
      const middle = (at) => (before[at].length ? before[at].reduce((sum, from) => sum + place[from], 0) / before[at].length : place[at]);
      column.sort((a, b) => middle(a) - middle(b));
      column.forEach((at, index) => { place[at] = index; });
    }
  }
  return columnsKept;
}

function node(x, y, label, choose, ...parts) {
  const element = s('g', { class: 'node', tabindex: '0', role: 'button', 'aria-label': label, transform: `translate(${x} ${y})`, 'data-key': label }, ...parts);
  element.addEventListener('click', choose);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose();
    }
  });
  return element;
}

/** From the middle of one side to the middle of the other. */
function curve(x1, y1, x2, y2, down) {
  return down
    ? `M${x1} ${y1} C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`
    : `M${x1} ${y1} C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`;
}

/** How boxes stand from left to right, a layer a column: where each is, and the size of it all. */
function across(layered, width, height) {
  const GAP_X = 90;
  const GAP_Y = 22;
  const tallest = Math.max(...layered.map((layer) => layer.length));
  const where = [];
  layered.forEach((layer, x) => layer.forEach((at, y) => {
    where[at] = [20 + x * (width + GAP_X), 24 + (y + (tallest - layer.length) / 2) * (height + GAP_Y)];
  }));
  return [where, 40 + layered.length * (width + GAP_X) - GAP_X, 48 + tallest * (height + GAP_Y) - GAP_Y];
}

/** The same from top to bottom, a layer in as many rows as fit the screen. */
function downwards(layered, width, height, room) {
  const GAP = 12;
  const BETWEEN = 46;
  const perRow = Math.max(1, Math.floor((room - GAP) / (width + GAP)));
  const where = [];
  let y = 16;
  layered.forEach((layer) => {
    layer.forEach((at, index) => {
      const row = Math.floor(index / perRow);
      const inRow = Math.min(perRow, layer.length - row * perRow);
      where[at] = [(room - inRow * (width + GAP) + GAP) / 2 + (index % perRow) * (width + GAP), y + row * (height + GAP)];
    });
    y += Math.ceil(layer.length / perRow) * (height + GAP) - GAP + BETWEEN;
  });
  return [where, room, y - BETWEEN + 16];
}

/** @param down how wide the screen is, where the drawing goes from top to bottom */
function boxes(answer, down) {
  const WIDTH = down ? Math.min(210, (down - 36) / 2) : 210;
  const HEIGHT = 74;
  const [where, width, height] = down ? downwards(layers(answer), WIDTH, HEIGHT, down) : across(layers(answer), WIDTH, HEIGHT);
  const most = Math.max(1, ...answer.edges.map((edge) => edge[2]));
  const edges = answer.edges.map(([from, to, many]) => {
    const thick = 1 + 3 * Math.log(1 + many) / Math.log(1 + most);
    const [left, top] = where[from];
    const [x1, y1] = down ? [left + WIDTH / 2, top + HEIGHT] : [left + WIDTH, top + HEIGHT / 2];
    const [x2, y2] = down ? [where[to][0] + WIDTH / 2, where[to][1] - 2] : [where[to][0] - 2, where[to][1] + HEIGHT / 2];
    const path = from === to ? `M${left + WIDTH - 40} ${top} c0 -22 30 -22 30 0` : curve(x1, y1, x2, y2, down);
    return s('g', {}, s('path', { class: 'edge', d: path, 'stroke-width': thick.toFixed(1), 'marker-end': from === to ? null : 'url(#tip-of-edge)' }),
      from === to ? null : s('text', { class: 'dim', x: (x1 + x2) / 2 + (down ? 8 : 0), y: (y1 + y2) / 2 + (down ? 4 : -6), 'text-anchor': down ? 'start' : 'middle' }, count(many)));
  });
  const boxesOf = answer.nodes.map((each, at) => node(...where[at], each.label, () => view.state.go(`graph/${encodeURIComponent(each.name)}`),
    s('rect', { class: 'box', width: WIDTH, height: HEIGHT, rx: 9 }),
    s('text', { class: 'strong', x: 14, y: 24 }, shorten(each.label, Math.floor((WIDTH - 20) / 7))),
    s('text', { class: 'dim', x: 14, y: 42, 'data-part': 'counts' }), s('g', { 'data-part': 'bar', transform: 'translate(14 54)' })));
  put(width, height, [...edges, ...boxesOf]);
  view.paint = ({ nodes }) => nodes.forEach((each, at) => {
    const element = boxesOf[at];
    const all = Object.values(each.tasks).reduce((sum, many) => sum + many, 0);
    text(element.querySelector('[data-part=counts]'), `${plural(all, 'task')}${each.bytes ? `, ${bytes(each.bytes)}` : ''}`);
    let x = 0;
    element.querySelector('[data-part=bar]').replaceChildren(s('rect', { class: 'f-track', width: WIDTH - 28, height: 8, rx: 2 }),
      ...STATES.filter(([state]) => each.tasks[state]).map(([state, label]) => {
        const part = s('rect', { class: `f-${state}`, x, width: Math.max(1, (WIDTH - 28) * each.tasks[state] / all), height: 8 }, s('title', {}, `${label}: ${count(each.tasks[state])}`));
        x += (WIDTH - 28) * each.tasks[state] / all;
        return part;
      }));
    element.setAttribute('aria-label', `${each.label}: ${STATES.filter(([state]) => each.tasks[state]).map(([state, label]) => `${count(each.tasks[state])} ${label}`).join(', ')}`);
  });
}

function shorten(label, most) {
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

/** @param down how wide the screen is, where the drawing goes from top to bottom */
function pills(answer, down) {
  const SIZE = answer.nodes.length > 120 ? 15 : answer.nodes.length > 40 ? 20 : 26;
  const STEP = SIZE + 6;
  const ROWS = Math.max(6, Math.min(20, Math.floor(470 / STEP)));
  // Those of one name stand together, in as many columns, or rows, as they need.
  const columns = layers(answer).map((column) => {
    const groups = new Map();
    for (const at of column) {
      const { name } = answer.nodes[at];
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(at);
    }
    return [...groups];
  });
  const [where, captions, width, height] = down ? pillsDown(columns, STEP, down) : pillsAcross(columns, STEP, ROWS);
  const edges = answer.edges.map(([from, to]) => {
    const [x1, y1] = where[from];
    const [x2, y2] = where[to];
    const path = down ? curve(x1 + SIZE / 2, y1 + SIZE, x2 + SIZE / 2, y2, down) : curve(x1 + SIZE, y1 + SIZE / 2, x2, y2 + SIZE / 2, down);
    return s('path', { class: 'edge', d: path, 'stroke-opacity': answer.edges.length > 150 ? 0.55 : 1 });
  });
  const dots = answer.nodes.map((each, at) => {
    const element = node(...where[at], each.label, () => view.state.openTask(each.label),
      s('rect', { class: 'box', width: SIZE, height: SIZE, rx: 5 }), s('rect', { 'data-part': 'state', x: 2, y: 2, width: SIZE - 4, height: SIZE - 4, rx: 3 }));
    const tell = () => {
      const box = element.getBoundingClientRect();
      const current = view.nodes[at];
      showTip(box.left, box.top, h('b', {}, current.label), h('span', { class: 'dim' },
        `${Object.keys(current.tasks).map(stateText).join()}${current.worker ? ` · ${current.worker}` : ''}${current.bytes >= 0 ? ` · ${bytes(current.bytes)}` : ''}`));
    };
    element.addEventListener('pointerenter', tell);
    element.addEventListener('focus', tell);
    element.addEventListener('pointerleave', hideTip);
    element.addEventListener('blur', hideTip);
    return element;
  });
  put(width, height, [...edges, ...captions, ...dots]);
  view.paint = ({ nodes }) => {
    view.nodes = nodes;
    nodes.forEach((each, at) => {
      const [state] = Object.keys(each.tasks);
      dots[at].querySelector('[data-part=state]').setAttribute('class', `f-${state}`);
      dots[at].setAttribute('aria-label', `${each.label}: ${stateText(state)}`);
    });
  };
}

/** Where each of them is, their captions, and the size of it all: a layer from top to bottom, each group in rows. */
function pillsDown(layered, step, room) {
  const perRow = Math.max(1, Math.floor((room - 32) / step));
  const where = [];
  const captions = [];
  let y = 10;
  layered.forEach((groups) => {
    groups.forEach(([name, members]) => {
      captions.push(s('text', { class: 'dim halo', x: 16, y: y + 12 }, shorten(name, Math.floor((room - 32) / 7))));
      y += 20;
      members.forEach((at, index) => {
        where[at] = [16 + (index % perRow) * step, y + Math.floor(index / perRow) * step];
      });
      y += Math.ceil(members.length / perRow) * step + 8;
    });
    y += 40;
  });
  return [where, captions, room, y - 40];
}

/** The same from left to right, each group in columns. */
function pillsAcross(columns, STEP, ROWS) {
  const TOP = 44;
  const where = [];
  const captions = [];
  const wide = (members) => Math.ceil(members.length / ROWS);
  const room = (groups) => groups.reduce((sum, [name, members]) => sum + Math.max(wide(members) * STEP, Math.min(120, 7 * name.length)) + 26, -26);
  const taken = columns.reduce((sum, groups) => sum + room(groups), 0);
  const gap = Math.max(56, Math.min(340, ((view.drawing.clientWidth || 800) - 60 - taken) / Math.max(1, columns.length - 1)));
  const tallest = Math.min(ROWS, Math.max(...columns.flatMap((groups) => groups.map(([, members]) => members.length))));
  let x = 24;
  columns.forEach((groups) => {
    groups.forEach(([name, members]) => {
      const rows = Math.ceil(members.length / wide(members));
      captions.push(s('text', { class: 'dim', x, y: TOP - 14 + (tallest - rows) / 2 * STEP }, shorten(name, 17)));
      members.forEach((at, index) => {
        where[at] = [x + Math.floor(index / rows) * STEP, TOP + (index % rows + (tallest - rows) / 2) * STEP];
      });
      x += Math.max(wide(members) * STEP, Math.min(120, 7 * name.length)) + 26;
    });
    x += gap - 26;
  });
  return [where, captions, Math.max(x + 24 - gap, 200), TOP + 20 + tallest * STEP];
}
function put(width, height, parts) {
  const focused = view.drawing.contains(document.activeElement) ? document.activeElement.dataset?.key : undefined;
  hideTip();
  const room = view.drawing.clientWidth || 800;
  view.drawing.replaceChildren(s('svg', { width: Math.max(width, Math.min(room, width)), height, viewBox: `0 0 ${width} ${height}` },
    s('defs', {}, s('marker', { id: 'tip-of-edge', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto', markerUnits: 'userSpaceOnUse' },
      s('path', { d: 'M0 0 8 4 0 8z', fill: 'var(--line-strong)' }))), ...parts));
  if (focused !== undefined) parts.find((part) => part.dataset.key === focused)?.focus({ preventScroll: true });
}
