// Who fetched how much from whom.
import { h, text, keyed, card, empty, ask, count, bytes, bytesIn, span, ago, plural, css, sharp, showTip, hideTip, keyLink } from './core.js';

const CELLS_MAX = 16;
let view = null;

export const network = {
  id: 'network',
  title: 'Network',

  show(panel, state) {
    view = { state, place: h('div', { class: 'wide' }), recent: h('tbody') };
    view.note = h('span', { class: 'note' });
    view.matrix = card('Between workers', '', view.place);
    view.empty = empty('Nothing was sent from worker to worker', 'A worker that needs a value of another fetches it straight from there. ',
      state.finished ? 'None did, as far as workers remember.' : 'It shows here who sent how much to whom, since this page was first opened.');
    view.matrix.append(view.empty);
    view.recentCard = card(state.finished ? 'Largest transfers' : 'Last transfers', state.finished ? 'the largest 100' : 'the last 100, the newest first', h('div', { class: 'wide' }, h('table', { class: 'stack' }, h('thead', {}, h('tr', {},
      ...['From', 'To', 'What'].map((name) => h('th', { scope: 'col' }, name)), ...['Size', 'Time', 'Bandwidth', 'When'].map((name) => h('th', { scope: 'col', class: 'num' }, name)))), view.recent)));
    view.recentEmpty = empty('No transfers yet', 'Each request of a worker to another shows here, with what came and how fast.');
    view.recentCard.append(view.recentEmpty);
    panel.append(view.matrix, view.recentCard);
  },

  hide() {
    hideTip();
    view = null;
  },

  async tick(state) {
    const mine = view;
    const answer = await ask('/api/network');
    if (view === mine) draw(answer, state);
  },
};

function draw(answer, state) {
  const none = answer.pairs.length === 0;
  view.empty.hidden = !none;
  view.place.hidden = none;
  view.recentEmpty.hidden = answer.recent.length > 0;
  view.recentCard.querySelector('.wide').hidden = answer.recent.length === 0;
  text(view.matrix.note, none ? '' : `${bytes(answer.bytes)} in all; a row is who sent it, a column who got it${answer.pairsOmitted ? `; the ${count(answer.pairs.length)} busiest pairs` : ''}`);
  if (!none) matrix(answer, state);
  const now = state.last ? state.last.at : Date.now();
  keyed(view.recent, answer.recent.slice(0, innerWidth < 620 ? 25 : 100), (each) => `${each.start} ${each.from} ${each.to} ${each.key}`,
    (each) => h('tr', {}, h('td', { 'data-label': 'From' }, each.from), h('td', { 'data-label': 'To' }, each.to),
      h('td', { class: 'full', 'data-label': 'What' }, keyLink(each.key, state.openTask), each.count > 1 ? h('span', { class: 'dim' }, ` and ${count(each.count - 1)} more`) : null),
      h('td', { class: 'num', 'data-label': 'Size' }, bytes(each.bytes)), h('td', { class: 'num', 'data-label': 'Time' }, span(each.micros)),
      h('td', { class: 'num', 'data-label': 'Bandwidth' }, each.micros > 0 ? `${bytes(each.bytes / each.micros * 1e6)}/s` : '–'), h('td', { class: 'num', 'data-label': 'When' })),
    (row, each) => text(row.lastChild, state.finished ? `after ${span(Math.max(0, each.start - state.started))}` : ago(Math.max(0, now - (each.start + each.micros) / 1000))));
}

function matrix(answer, state) {
  const names = [...new Set([...(state.last ? state.last.workers.map((worker) => worker.name) : []), ...answer.pairs.flatMap((pair) => [pair.from, pair.to])])]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const most = Math.max(1, ...answer.pairs.map((pair) => pair.bytes));
  const byPair = new Map(answer.pairs.map((pair) => [`${pair.from}\n${pair.to}`, pair]));
  if (names.length <= CELLS_MAX) cells(names, byPair, most);
  else dots(names, byPair, most);
}

function cells(names, byPair, most) {
  const shape = names.join('\n');
  if (view.shape !== shape) {
    view.shape = shape;
    view.cells = new Map();
    view.place.replaceChildren(h('table', { class: 'matrix' }, h('thead', {}, h('tr', {}, h('th', { class: 'corner', scope: 'col' }, 'from ↓  to →'), names.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, names.map((from) => h('tr', {}, h('th', { scope: 'row' }, from), names.map((to) => {
        const cell = from === to ? h('td', { class: 'self' }, '·') : h('td', {}, h('span'), h('i'));
        view.cells.set(`${from}\n${to}`, cell);
        return cell;
      }))))));
  }
  for (const [key, cell] of view.cells) {
    if (cell.className === 'self') continue;
    const pair = byPair.get(key);
    text(cell.firstChild, pair ? bytesIn(pair.bytes).join(' ') : '–');
    cell.lastChild.style.transform = `scaleX(${pair ? Math.max(0.03, pair.bytes / most) : 0})`;
    cell.title = pair ? `${plural(pair.transfers, 'transfer')} of ${plural(pair.values, 'value')}, ${bytes(pair.micros ? pair.bytes / pair.micros * 1e6 : 0)}/s while it lasted` : 'nothing';
  }
}

/** Too many for figures: a square each, darker for more, and the figures under the pointer. */
function dots(names, byPair, most) {
  if (view.shape !== 'dots') {
    view.shape = 'dots';
    view.canvas = h('canvas', { class: 'matrixcanvas', role: 'img', 'aria-label': 'Bytes from each worker to each other' });
    view.place.replaceChildren(view.canvas);
    view.canvas.addEventListener('pointerleave', hideTip);
    view.canvas.addEventListener('pointermove', (event) => {
      const from = view.names[Math.floor(event.offsetY / view.size)];
      const to = view.names[Math.floor(event.offsetX / view.size)];
      if (!from || !to) return;
      const pair = view.byPair.get(`${from}\n${to}`);
      showTip(event.clientX, event.clientY, h('b', {}, `${from} → ${to}`), h('span', { class: 'dim' }, pair ? `${bytes(pair.bytes)} in ${plural(pair.transfers, 'transfer')}` : 'nothing'));
    });
  }
  const room = Math.min(640, view.place.clientWidth - 32);
  const size = Math.max(0.5, Math.min(16, room / names.length));
  Object.assign(view, { names, byPair, size });
  const width = size * names.length;
  view.canvas.style.width = `${width}px`;
  view.canvas.style.height = `${width}px`;
  const context = sharp(view.canvas, width, width);
  context.fillStyle = css('--sunken');
  context.fillRect(0, 0, width, width);
  context.fillStyle = css('--run');
  const places = new Map(names.map((name, at) => [name, at]));
  for (const pair of byPair.values()) {
    context.globalAlpha = 0.15 + 0.85 * Math.log(1 + pair.bytes) / Math.log(1 + most);
    context.fillRect(places.get(pair.to) * size, places.get(pair.from) * size, Math.max(1, size - 1), Math.max(1, size - 1));
  }
  context.globalAlpha = 1;
}
