// How the cluster is, on one page.
import { h, text, keyed, card, empty, code, count, short, bytes, bytesIn, span, ago, plural, bar, STATES, stateText, keyLink, byName } from './core.js';
import { LineChart } from './charts.js';

const WORKERS_MAX = 200;
let view = null;

export const overview = {
  id: 'overview',
  title: 'Overview',

  show(panel, state) {
    view = {
      panel,
      stats: h('dl', { class: 'stats' }),
      chart: new LineChart('Tasks done a second, over time', (value) => `${short(value).join(' ')}/s`.replace(' /s', '/s')),
      states: h('div', { class: 'bar big' }),
      legend: h('ul', { class: 'legend rows' }),
      names: h('tbody'),
      workers: h('tbody'),
      failures: h('ul', { class: 'failures' }),
    };
    view.statsCard = h('section', { class: 'card', 'aria-label': 'Figures' }, view.stats);
    view.namesCard = card('Tasks by name', '', table(['Name', { bar: 'How far' }, { num: 'Done' }, { num: 'Failed' }, { num: 'To do' }, { num: 'Mean time' }], view.names));
    view.namesEmpty = empty('No tasks yet', 'What programs submit shows here by its name, with how far it is. Connect one with ',
      code('Heddle.connect("heddle://…")'), ', or run ', code('heddle demo'), '.');
    view.workersCard = card('Workers', '', table(['Name', 'State', 'Slots', 'Memory', { num: 'Spilled' }, { num: 'Values' }, { num: 'In' }, { num: 'Out' }, { num: 'Heard of' }], view.workers));
    view.workersEmpty = empty('No workers yet', 'Tasks wait until there are some. Start one with ', code('heddle worker ADDRESS'), '.');
    view.failuresCard = card('Last failures', 'the last 32 tasks that failed by themselves', view.failures);
    view.failuresEmpty = empty('Nothing has failed', 'A task whose function throws shows here, with why and where.');
    view.statesCard = card('Tasks by state', '', h('div', { class: 'body' }, view.states, view.legend));
    view.namesCard.append(view.namesEmpty);
    view.workersCard.append(view.workersEmpty);
    view.failuresCard.append(view.failuresEmpty);
    panel.append(view.statsCard,
      h('div', { class: 'two' }, card('Tasks done', 'a second', h('div', { class: 'body' }, view.chart.element)), view.statesCard),
      view.namesCard, view.workersCard, view.failuresCard);
    if (state.last) this.update(state);
  },

  hide() {
    view.chart.resizing.disconnect();
  },

  update(state) {
    const last = state.last;
    figures(last);
    view.chart.show(state.points.slice(-600).map((point) => [point[0], point[1]]));
    states(last.tasks);
    names(last);
    workers(last);
    failures(last, state);
  },
};

function table(columns, body) {
  return h('div', { class: 'wide' }, h('table', { class: 'stack' }, h('thead', {}, h('tr', {}, columns.map((column) =>
    typeof column === 'string' ? h('th', { scope: 'col' }, column) : column.bar ? h('th', { scope: 'col', class: 'barcolumn' }, column.bar) : h('th', { scope: 'col', class: 'num' }, column.num)))), body));
}

/** Workers say what runs once a second; short tasks fall in between, so what they were given counts too. */
const busy = (worker) => Math.max(worker.running, Math.min(worker.threads, worker.assigned));

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

function figures(last) {
  const slots = sum(last.workers, (worker) => worker.threads);
  const memory = sum(last.workers, (worker) => worker.memory);
  const memoryMax = sum(last.workers, (worker) => worker.memoryMax);
  const disk = sum(last.workers, (worker) => worker.disk);
  const done = sum(last.series, (line) => line.done);
  const failed = sum(last.series, (line) => line.failed);
  const [, perSecond, bytesPerSecond] = last.point;
  const running = sum(last.workers, busy);
  const waiting = (last.tasks.waiting || 0) + (last.tasks.queued || 0);
  const items = [
    ['Tasks done', ...short(perSecond), '/s', `${count(done)} in all`],
    ['Slots busy', count(running), '', '', `of ${plural(slots, 'slot')} on ${plural(last.workers.length, 'worker')}`],
    ['To do', ...short(waiting), '', `${plural(last.clients, 'client')} connected`],
    ['Failed', ...short(failed), '', failed ? 'the last ones are below' : 'none so far'],
    ['Memory', ...bytesIn(memory), '', `of ${bytes(memoryMax)}${disk ? `; ${bytes(disk)} spilled` : ''}`],
    ['Between workers', ...bytesIn(bytesPerSecond), '/s', `${bytes(sum(last.workers, (worker) => worker.in))} in all`],
  ];
  keyed(view.stats, items, (item) => item[0],
    (item) => h('div', { class: 'stat' }, h('dt', {}, item[0]), h('dd', {}, h('span'), h('small')), h('p', { class: 'sub' })),
    (element, [name, value, unit, per, sub]) => {
      const [, main, below] = element.children;
      text(main.children[0], String(value));
      text(main.children[1], `${unit}${per}`);
      text(below, sub);
      below.title = sub;
      element.classList.toggle('bad', name === 'Failed' && value !== '0');
    });
}

function states(tasks) {
  const total = sum(STATES, ([state]) => tasks[state] || 0);
  bar(view.states, STATES.map(([state, name]) => [`s-${state}`, (tasks[state] || 0) / (total || 1), `${name}: ${count(tasks[state] || 0)}`]));
  view.statesCard.note.textContent = `${count(total)} that somebody needs or holds`;
  keyed(view.legend, STATES, ([state]) => state,
    ([state, name, what]) => h('li', { title: what }, h('span', { class: `chip s-${state}` }), h('span', {}, name), h('b')),
    (element, [state]) => text(element.children[2], count(tasks[state] || 0)));
}

function names(last) {
  view.namesEmpty.hidden = last.series.length > 0;
  view.namesCard.querySelector('.wide').hidden = last.series.length === 0;
  text(view.namesCard.note, last.series.length === 0 ? '' : `${plural(last.series.length, 'name')}${last.seriesOmitted ? `, and ${count(last.seriesOmitted)} more` : ''}`);
  keyed(view.names, last.series, (line) => line.name,
    (line) => h('tr', {}, h('td', { class: 'full' }, h('a', { href: `#graph/${encodeURIComponent(line.name)}` }, line.name)),
      h('td', { class: 'full', 'data-label': 'How far' }, h('div', { class: 'bar', role: 'img' })),
      ...['Done', 'Failed', 'To do', 'Mean time'].map((label) => h('td', { class: 'num', 'data-label': label }))),
    (row, line) => {
      const tasks = line.tasks;
      const rest = (tasks.released || 0) + (tasks.forgotten || 0);
      const failed = Math.min(line.failed, (tasks.erred || 0) + (tasks.forgotten || 0));
      const done = (tasks.memory || 0) + Math.max(0, rest - (failed - (tasks.erred || 0)));
      const todo = (tasks.queued || 0) + (tasks.waiting || 0);
      const all = done + failed + todo + (tasks.processing || 0) || 1;
      const track = row.children[1].firstChild;
      bar(track, [['s-memory', done / all, `${count(done)} done`], ['s-erred', failed / all, `${count(failed)} failed`],
        ['s-processing', (tasks.processing || 0) / all, `${count(tasks.processing || 0)} given to workers`],
        ['s-queued', (tasks.queued || 0) / all, `${count(tasks.queued || 0)} queued`], ['s-waiting', (tasks.waiting || 0) / all, `${count(tasks.waiting || 0)} waiting`]]);
      track.setAttribute('aria-label', `${Math.floor(100 * done / all)} % done`);
      text(row.children[2], count(done));
      text(row.children[3], count(failed));
      text(row.children[4], count(todo + (tasks.processing || 0)));
      text(row.children[5], line.mean < 0 ? '–' : span(line.mean / 1000));
    });
}

function workers(last) {
  const shown = last.workers.toSorted(byName).slice(0, WORKERS_MAX);
  view.workersEmpty.hidden = shown.length > 0;
  view.workersCard.querySelector('.wide').hidden = shown.length === 0;
  text(view.workersCard.note, shown.length === 0 ? '' : shown.length < last.workers.length
    ? `the first ${WORKERS_MAX} of ${count(last.workers.length)}` : plural(shown.length, 'worker'));
  keyed(view.workers, shown, (worker) => worker.name,
    () => h('tr', {}, h('td', { class: 'full' }, h('div'), h('small')), h('td', { 'data-label': 'State' }, h('span', { class: 'badge' })),
      h('td', { 'data-label': 'Slots', class: 'tight' }, h('div', { class: 'bar' }), h('small')),
      h('td', { 'data-label': 'Memory', class: 'tight full' }, h('div', { class: 'bar' }), h('small')),
      ...['Spilled', 'Values', 'In', 'Out', 'Heard of'].map((label) => h('td', { class: 'num', 'data-label': label }))),
    (row, worker) => {
      const cells = row.children;
      text(cells[0].children[0], worker.name);
      text(cells[0].children[1], `${worker.host}, process ${worker.pid}`);
      text(cells[1].firstChild, worker.state);
      cells[1].firstChild.classList.toggle('alarm', worker.state !== 'running');
      bar(cells[2].children[0], [['s-processing', busy(worker) / worker.threads, '']]);
      text(cells[2].children[1], `${busy(worker)} of ${worker.threads} busy, ${count(Math.max(0, worker.assigned - busy(worker)))} next`);
      bar(cells[3].children[0], [[worker.memory > 0.8 * worker.memoryMax ? 's-erred' : worker.memory > 0.6 * worker.memoryMax ? 's-queued' : 's-memory', worker.memory / (worker.memoryMax || 1), '']]);
      text(cells[3].children[1], `${bytes(worker.memory)} of ${bytes(worker.memoryMax)}`);
      text(cells[4], worker.disk ? bytes(worker.disk) : '–');
      text(cells[5], count(worker.values));
      text(cells[6], `${bytes(worker.inRate)}/s`);
      cells[6].title = `${bytes(worker.in)} in all`;
      text(cells[7], `${bytes(worker.outRate)}/s`);
      cells[7].title = `${bytes(worker.out)} in all`;
      text(cells[8], ago(worker.beat));
      cells[8].classList.toggle('alarm', worker.beat > 3000);
    });
}

function failures(last, state) {
  view.failuresEmpty.hidden = last.failures.length > 0;
  view.failures.hidden = last.failures.length === 0;
  view.failuresCard.note.hidden = last.failures.length === 0;
  keyed(view.failures, last.failures.slice(0, 12), (failure) => `${failure.key} ${failure.at}`,
    (failure) => h('li', {}, h('p', { class: 'what', title: failure.message }, `${failure.type.replace(/^.*\./, '')}${failure.message ? `: ${failure.message}` : ''}`),
      h('div', { class: 'meta' }, keyLink(failure.key, state.openTask), h('span', {}, failure.where ? `on ${failure.where}` : stateText('erred')), h('span'), h('span'))),
    (element, failure) => {
      const [, , submitted, when] = element.querySelector('.meta').children;
      text(submitted, failure.submitted ? `submitted at ${failure.submitted}` : '');
      submitted.hidden = !failure.submitted;
      text(when, ago(Math.max(0, last.at - failure.at)));
    });
}
