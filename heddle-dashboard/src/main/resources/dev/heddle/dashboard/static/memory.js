// Which values there are, where, and who holds them.
import { h, text, keyed, card, empty, code, ask, count, bytes, plural, bar, colorOf, keyLink, nameLink, typeText, byName as named } from './core.js';

let view = null;

export const memory = {
  id: 'memory',
  title: 'Memory',

  show(panel, state) {
    view = { state, workers: h('tbody'), names: h('tbody'), largest: h('tbody') };
    view.empty = empty('No values are kept', 'What a task gives stays on the worker that made it, for as long as a future or another task needs it. Hold a future, or put values there with ',
      code('client.scatter(…)'), ', and they show here.');
    view.namesCard = card('Values by name', '', table(['Name', { bar: 'Share' }, { num: 'Values' }, { num: 'Size' }], view.names));
    view.workersCard = card('By worker', 'what tasks made, by name, of the memory that each may take', table(['Worker', { bar: 'What' }, { num: 'Values' }, { num: 'In memory' }, { num: 'Limit' }, { num: 'Spilled' }], view.workers));
    view.largestCard = card('The largest values', 'and what holds them', table(['Key', 'Type', { num: 'Size' }, 'Where', 'Held by'], view.largest));
    panel.append(view.empty, view.workersCard, view.namesCard, view.largestCard);
    view.empty.hidden = true;
  },

  hide() {
    view = null;
  },

  async tick(state) {
    const mine = view;
    const answer = await ask('/api/values');
    if (view === mine) draw(answer, state);
  },
};

function table(columns, body) {
  return h('div', { class: 'wide' }, h('table', { class: 'stack' }, h('thead', {}, h('tr', {}, columns.map((column) =>
    typeof column === 'string' ? h('th', { scope: 'col' }, column) : column.bar ? h('th', { scope: 'col', class: 'barcolumn' }, column.bar) : h('th', { scope: 'col', class: 'num' }, column.num)))), body));
}

function draw(answer, state) {
  const none = answer.count === 0;
  view.empty.hidden = !none;
  view.namesCard.hidden = none;
  view.largestCard.hidden = none;
  const names = new Map();
  const workers = new Map();
  for (const [name, worker, values, size] of answer.groups) {
    const known = names.get(name) || { name, values: 0, bytes: 0 };
    known.values += values;
    known.bytes += size;
    names.set(name, known);
    if (!workers.has(worker)) workers.set(worker, []);
    workers.get(worker).push({ name, values, bytes: size });
  }
  const byName = [...names.values()].sort((a, b) => b.bytes - a.bytes || b.values - a.values).slice(0, 50);
  const most = Math.max(1, ...byName.map((each) => each.bytes));
  text(view.namesCard.note, `${plural(answer.count, 'value')}, ${bytes(answer.bytes)}, each counted once; below, a copy counts where it is${answer.omitted ? `; ${count(answer.omitted)} small groups are left out` : ''}`);
  keyed(view.names, byName, (each) => each.name,
    (each) => {
      const chip = h('span', { class: 'chip' });
      chip.style.background = colorOf(each.name);
      return h('tr', {}, h('td', { class: 'full' }, h('span', { class: 'badge' }, chip, nameLink(each.name, state))),
        h('td', { class: 'full' }, h('div', { class: 'bar' })), h('td', { class: 'num', 'data-label': 'Values' }), h('td', { class: 'num', 'data-label': 'Size' }));
    },
    (row, each) => {
      row.querySelector('.chip').style.background = colorOf(each.name);
      bar(row.children[1].firstChild, [[colorOf(each.name), each.bytes / most, '']]);
      text(row.children[2], count(each.values));
      text(row.children[3], bytes(each.bytes));
    });
  const all = (state.last ? state.last.workers : []).toSorted(named).slice(0, 200);
  view.workersCard.hidden = all.length === 0;
  keyed(view.workers, all, (worker) => worker.name,
    (worker) => h('tr', {}, h('td', { class: 'full' }, worker.name), h('td', { class: 'full' }, h('div', { class: 'bar big' })),
      ...['Values', 'In memory', 'Limit', 'Spilled'].map((label) => h('td', { class: 'num', 'data-label': label }))),
    (row, worker) => {
      const held = (workers.get(worker.name) || []).sort((a, b) => b.bytes - a.bytes).slice(0, 12);
      const made = held.reduce((sum, each) => sum + each.bytes, 0);
      const scale = Math.max(worker.memoryMax || 1, made, worker.memory + worker.disk);
      const other = Math.max(0, worker.memory - made);
      bar(row.children[1].firstChild, [...held.map((each) => [colorOf(each.name), each.bytes / scale, `${each.name}: ${plural(each.values, 'value')}, ${bytes(each.bytes)}`]),
        ['s-waiting', other / scale, `other: ${bytes(other)}`]]);
      text(row.children[2], count(worker.values));
      text(row.children[3], bytes(worker.memory));
      text(row.children[4], bytes(worker.memoryMax));
      text(row.children[5], worker.disk ? bytes(worker.disk) : '–');
    });
  keyed(view.largest, answer.largest, (each) => each.key,
    (each) => h('tr', {}, h('td', { class: 'full' }, keyLink(each.key, state.openTask)), h('td', { class: 'full', 'data-label': 'Type' }, each.type ? typeText(each.type) : '–'),
      h('td', { class: 'num', 'data-label': 'Size' }), h('td', { 'data-label': 'Where' }), h('td', { 'data-label': 'Held by' })),
    (row, each) => {
      text(row.children[2], bytes(each.bytes));
      text(row.children[3], each.workers.length > 2 ? `${each.workers.slice(0, 2).join(', ')} and ${each.workers.length - 2} more` : each.workers.join(', '));
      text(row.children[4], [each.wanted ? plural(each.wanted, 'future') : '', each.needed ? plural(each.needed, 'task') : ''].filter((part) => part).join(', ') || 'nobody now');
      row.children[1].title = each.type;
    });
}
