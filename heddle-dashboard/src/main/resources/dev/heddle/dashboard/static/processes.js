// The drawing of a node's processes and channels, alive.
import { h, s, text, keyed, card, ask, count, short, span, plural } from './core.js';

/** Which processes take from which channel, as `heddle ps` and docs/architecture.md have it. */
const TAKERS = new Map([['executions', 'slot'], ['fetches', 'gather'], ['servings', 'serve'], ['copies', 'take'], ['departures', 'depart'], ['spills', 'spill'],
  ['code questions', 'relay'], ['store questions', 'ask-store'], ['looks', 'survey']]);

/** On a narrower screen the drawing goes from top to bottom. */
const WIDE = 700;
const LINES_MAX = 500;
let view = null;

export const processes = {
  id: 'processes',
  title: 'Processes',
  routed: true,

  show(panel, state, node) {
    view = { state, node: node || 'scheduler', before: null, list: h('tbody'), drawing: h('div', { class: 'drawing free', tabindex: '0', role: 'group', 'aria-label': 'Processes and channels' }) };
    view.select = h('select', { id: 'node', onchange: () => state.go(`processes/${encodeURIComponent(view.select.value)}`) });
    view.note = h('span', { class: 'note' });
    view.cycles = h('p', { class: 'empty', hidden: true });
    view.card = card('How a node works, live', '', h('div', { class: 'tools' }, h('label', { for: 'node' }, 'Node'), view.select, view.note), view.cycles, view.drawing);
    view.listCard = card('All its processes', '', h('div', { class: 'wide' }, h('table', { class: 'stack three' }, h('thead', {}, h('tr', {},
      ...['Process', 'What it does'].map((name) => h('th', { scope: 'col' }, name)), ...['Since', 'In', 'Out'].map((name) => h('th', { scope: 'col', class: 'num' }, name)))), view.list)));
    panel.append(view.card, view.listCard);
    this.update(state);
  },

  hide() {
    view = null;
  },

  update(state) {
    const names = ['scheduler', ...(state.last ? state.last.workers.map((worker) => worker.name) : [])];
    if (!names.includes(view.node)) names.push(view.node);
    keyed(view.select, names, (name) => name, (name) => h('option', { value: name }, name), () => {});
    if (view.select.value !== view.node) view.select.value = view.node;
  },

  async tick() {
    const mine = view;
    const answer = await ask('/api/processes', { node: mine.node });
    if (view !== mine) return;
    draw(answer);
    view.before = answer;
  },

  failed(failure) {
    if (view && !(failure instanceof TypeError)) text(view.note, failure.message);
  },
};

/** Without the name of the node, which all of them have. */
function shortName(name, node) {
  return name.startsWith(`${node}/`) ? name.slice(node.length + 1) : name.endsWith(` ${node}`) ? name.slice(0, -node.length - 1) : name;
}

/** Without a number, and without whom it serves. */
function role(name) {
  return name.replace(/ .*/, '').replace(/-[0-9]+$/, '');
}

function rates(now, before, list, field) {
  const known = new Map();
  if (before && before.pid === now.pid && before.readMicros < now.readMicros) {
    for (const each of before[list]) known.set(each.name, each[field]);
    const seconds = (now.readMicros - before.readMicros) / 1e6;
    return (each) => (known.has(each.name) ? Math.max(0, each[field] - known.get(each.name)) / seconds : 0);
  }
  return () => 0;
}

const perSecond = (rate) => (rate === 0 ? '0/s' : rate < 0.95 ? `${rate.toFixed(1)}/s` : `${short(rate).join('')}/s`);

function draw(now) {
  const groups = new Map();
  const isOwn = (process) => process.name.startsWith(`${now.node}/`) || (now.role === 'scheduler' && process.name.startsWith('metadata/'));
  const own = now.processes.filter(isOwn);
  const others = now.processes.length - own.length;
  for (const process of own) {
    const name = role(shortName(process.name, now.node));
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(process);
  }
  text(view.note, `${now.role}, pid ${now.pid}: ${many(own.length)}${others ? `, and ${many(others)} of others in the same JVM` : ''}${now.omitted ? `, and ${count(now.omitted)} more` : ''}`);
  view.cycles.hidden = now.cycles.length === 0;
  if (now.cycles.length) view.cycles.replaceChildren(h('strong', {}, 'These wait for each other, and none of them goes on'), now.cycles.join('\n'));
  picture(now, groups);
  table(now, [...own, ...now.processes.filter((process) => !isOwn(process))]);
}

const many = (n) => `${count(n)} ${n === 1 ? 'process' : 'processes'}`;

function picture(now, groups) {
  const taken = rates(now, view.before, 'turns', 'taken');
  const through = rates(now, view.before, 'channels', 'received');
  const did = rates(now, view.before, 'processes', 'in');
  const channels = now.channels.map((channel) => ({ channel, name: shortName(channel.name, now.node) }));
  const drawn = channels.filter(({ channel, name }) => TAKERS.has(name) && (groups.has(TAKERS.get(name)) || channel.received > 0 || channel.size > 0)).sort((a, b) => [...TAKERS.keys()].indexOf(a.name) - [...TAKERS.keys()].indexOf(b.name));
  const takers = new Set(drawn.map(({ name }) => TAKERS.get(name)));
  const rest = [...groups].filter(([name]) => name !== 'link' && !takers.has(name)).sort((a, b) => a[0].localeCompare(b[0]));
  const place = view.drawing.clientWidth < WIDE ? narrow(view.drawing.clientWidth, drawn.length) : wide(drawn.length);
  const parts = [];
  const links = groups.get('link') || [];
  parts.push(box(...place.link, links.length > 1 ? `link ×${links.length}` : 'link', [
    plural(links.length, 'connection'), `${perSecond(links.reduce((sum, each) => sum + did(each), 0))} messages in`], links));
  const turn = now.turns[0];
  if (turn) {
    const rate = taken(turn);
    parts.push(place.turns(rate));
    parts.push(box(...place.turn, shortName(turn.name, now.node), [
      turn.holder ? `held by ${shortName(turn.holder, now.node)}` : 'the turn is free',
      turn.waiting ? `${many(turn.waiting)} wait for it` : 'nobody waits for it'], [], turn.waiting > 3));
  }
  drawn.forEach(({ channel, name }, at) => {
    const { y, path, x, width, taker } = place.row(at);
    const rate = through(channel);
    const fill = channel.capacity ? channel.size / channel.capacity : 0;
    parts.push(s('path', { class: 'edge', d: path }));
    if (rate > 0) parts.push(s('path', { class: 'flow', d: path }));
    parts.push(s('g', { transform: `translate(${x} ${y - 22})` },
      s('rect', { class: 'lane', width, height: 44, rx: 8 }),
      s('rect', { class: fill > 0.9 ? 'f-erred' : 'f-processing', x: 10, y: 33, width: Math.max(fill > 0 ? 3 : 0, (width - 20) * Math.min(1, fill)), height: 4, rx: 2 }),
      s('rect', { x: 10, y: 33, width: width - 20, height: 4, rx: 2, fill: 'none', stroke: 'var(--line-strong)', 'stroke-width': 0.75 }),
      s('text', { x: 10, y: 15 }, name), s('text', { x: width - 10, y: 28, 'text-anchor': 'end' }, perSecond(rate)),
      s('text', { class: 'dim', x: 10, y: 28 }, `${count(channel.size)} of ${count(channel.capacity)}`)));
    parts.push(arrow(x + width, y, taker[0], y, rate));
    const those = groups.get(TAKERS.get(name)) || [];
    const busy = those.filter((each) => each.activity.startsWith('running')).length;
    const longest = those.filter((each) => each.activity.startsWith('running')).reduce((most, each) => Math.max(most, each.since), 0);
    parts.push(box(...taker, those.length > 1 ? `${TAKERS.get(name)} ×${those.length}` : TAKERS.get(name),
      [those.length === 0 ? 'none is here' : busy ? `${busy} at work, up to ${span(longest)}` : 'wait for work'], those));
  });
  parts.push(s('text', { class: 'dim', x: place.link[0], y: place.bottom + 24 }, 'Beside these'));
  rest.forEach(([name, those], at) => {
    parts.push(box(...place.beside(at), those.length > 1 ? `${name} ×${those.length}` : name, [shortNameIn(those[0].activity, now.node)], those));
  });
  const [, y, , tall] = place.beside(Math.max(0, rest.length - 1));
  const height = y + tall + 16;
  view.drawing.replaceChildren(s('svg', { width: place.width, height, viewBox: `0 0 ${place.width} ${height}` }, ...parts));
}

const ROW = 66;

/** Where things are, from left to right: boxes as [x, y, width, height]. */
function wide(channels) {
  const rows = Math.max(channels, 2);
  const middle = 30 + rows * ROW / 2;
  const bottom = 30 + rows * ROW;
  return {
    width: 1040, bottom, link: [20, middle - 40, 170, 80], turn: [300, middle - 46, 190, 92],
    turns: (rate) => arrow(190, middle, 300, middle, rate, perSecond(rate), 'turns'),
    row: (at) => {
      const y = 30 + at * ROW + ROW / 2 + (rows - channels) * ROW / 2;
      return { y, path: `M490 ${middle} C530 ${middle} 530 ${y} 570 ${y}`, x: 570, width: 180, taker: [800, y - 26, 220, 52] };
    },
    beside: (at) => [20 + (at % 4) * 252, bottom + 36 + Math.floor(at / 4) * 62, 240, 52],
  };
}

/** From top to bottom, for a screen that is `width` wide. */
function narrow(width, channels) {
  const LEFT = 12;
  const TURN = 118;
  const FIRST = 198;
  const room = width - 2 * LEFT;
  const bottom = FIRST + channels * ROW;
  const channel = Math.floor((room - 22 - 26) * 0.45);
  return {
    width, bottom, link: [LEFT, 12, room, 64], turn: [LEFT, TURN, room, 64],
    turns: (rate) => s('g', {}, s('path', { class: rate > 0 ? 'flow' : 'edge', d: `M${width / 2} 76 V${TURN}` }),
      s('path', { class: 'edge', d: `M${width / 2 - 4} ${TURN - 6} L${width / 2} ${TURN} L${width / 2 + 4} ${TURN - 6}` }),
      s('text', { x: width / 2 + 12, y: 102 }, `${perSecond(rate)} turns`)),
    row: (at) => {
      const y = FIRST + at * ROW + ROW / 2;
      const x = LEFT + 22;
      return { y, path: `M${LEFT + 8} ${TURN + 64} V${y} H${x}`, x, width: channel, taker: [x + channel + 26, y - 26, room - 22 - 26 - channel, 52] };
    },
    beside: (at) => [LEFT, bottom + 36 + at * 62, room, 52],
  };
}

function shortNameIn(activity, node) {
  return activity.replaceAll(` ${node}\``, '`').replaceAll(`${node}/`, '').replaceAll('`', '');
}

function shorten(value, most) {
  return value.length > most ? `${value.slice(0, most - 1)}…` : value;
}

function box(x, y, width, height, title, lines, those, alarm) {
  const tall = 17 + lines.length * 15;
  const first = height / 2 - tall / 2 + 13;
  return s('g', { transform: `translate(${x} ${y})` }, s('title', {}, those.slice(0, 12).map((each) => `${each.name}: ${each.activity}, for ${span(each.since)}`).join('\n') || title),
    s('rect', { class: alarm ? 'box alarm' : 'box', width, height, rx: 9 }), s('text', { class: 'strong', x: 14, y: first }, shorten(title, Math.floor(width / 8))),
    ...lines.map((line, at) => s('text', { class: 'dim', x: 14, y: first + 17 + at * 15 }, shorten(line, Math.floor((width - 24) / 6.6)))));
}

function arrow(x1, y1, x2, y2, rate, above, below) {
  return s('g', {}, s('path', { class: 'edge', d: `M${x1} ${y1} H${x2}` }), s('path', { d: `M${x2 - 6} ${y2 - 4} L${x2} ${y2} L${x2 - 6} ${y2 + 4}`, class: 'edge' }),
    rate > 0 ? s('path', { class: 'flow', d: `M${x1} ${y1} H${x2 - 4}` }) : null,
    above ? s('text', { x: (x1 + x2) / 2, y: y1 - 8, 'text-anchor': 'middle' }, above) : null,
    below ? s('text', { class: 'dim', x: (x1 + x2) / 2, y: y1 + 17, 'text-anchor': 'middle' }, below) : null);
}

function table(now, every) {
  const all = every.slice(0, LINES_MAX);
  text(view.listCard.note, all.length < every.length ? `the first ${count(all.length)} of ${count(every.length)}` : '');
  const into = rates(now, view.before, 'processes', 'in');
  const out = rates(now, view.before, 'processes', 'out');
  keyed(view.list, all, (process) => process.name,
    (process) => h('tr', {}, h('td', { class: 'full' }, h('span', {}, shortName(process.name, now.node)), h('small', {}, process.kind === 'virtual' ? ' virtual' : '')),
      h('td', { class: 'full', 'data-label': 'What it does' }), ...['Since', 'In', 'Out'].map((label) => h('td', { class: 'num', 'data-label': label }))),
    (row, process) => {
      text(row.children[1], shortNameIn(process.activity, now.node));
      text(row.children[2], span(process.since));
      text(row.children[3], `${count(process.in)}${into(process) ? ` (${perSecond(into(process))})` : ''}`);
      text(row.children[4], `${count(process.out)}${out(process) ? ` (${perSecond(out(process))})` : ''}`);
    });
}
