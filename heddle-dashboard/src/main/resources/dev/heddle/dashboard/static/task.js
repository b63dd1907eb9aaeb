// All that is known of one task.
import { h, ask, bytes, count, plural, stateText, keyLink, typeText } from './core.js';

const dialog = document.getElementById('task');
let key = '';
let drawnText = '';
dialog.addEventListener('close', () => { key = ''; });
dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });

export async function openTask(which, state) {
  key = which;
  drawnText = '';
  dialog.replaceChildren(sheet(which, h('section', {}, h('p', {}, 'asking …'))));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  await taskTick(state);
}

export async function taskTick(state) {
  if (!key || !dialog.open) return;
  const asked = key;
  let parts;
  try {
    const task = await ask('/api/task', { key: asked });
    if (JSON.stringify(task) === drawnText) return;
    drawnText = JSON.stringify(task);
    parts = sections(task, state);
  } catch (failure) {
    parts = [h('section', {}, h('p', {}, failure.message))];
  }
  if (asked !== key) return;
  const { scrollTop } = dialog;
  const focused = dialog.contains(document.activeElement) ? [...dialog.querySelectorAll('button')].indexOf(document.activeElement) : -1;
  dialog.replaceChildren(sheet(asked, ...parts));
  dialog.scrollTop = scrollTop;
  dialog.querySelectorAll('button')[Math.max(0, focused)]?.focus();
}

function sheet(title, ...parts) {
  return h('div', { class: 'sheet' }, h('header', {}, h('h2', { id: 'task-title', class: 'mono' }, title),
    h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Close')), ...parts);
}

function fact(name, ...value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...value));
}

function sections(task, state) {
  const open = (which) => openTask(which, state);
  const unknown = task.state === 'unknown';
  const parts = [h('section', {}, h('dl', { class: 'facts' },
    fact('State', h('span', { class: 'badge' }, h('span', { class: `chip s-${task.state}` }), unknown ? 'not known any more' : stateText(task.state))),
    task.worker ? fact('Given to', task.worker) : null,
    task.type ? fact('Type', typeText(task.type)) : null,
    task.state === 'memory' && task.bytes >= 0 ? fact('Size', bytes(task.bytes)) : null,
    task.workers.length ? fact('Its value is on', task.workers.join(', ')) : null,
    unknown ? null : fact('Held by', task.wanted ? plural(task.wanted, 'future') : 'no future')))];
  if (task.failure) parts.push(h('section', {}, h('h3', {}, 'Why it failed'), h('pre', { class: 'bad', tabindex: '0' }, task.failure)));
  if (!task.failure || !unknown) parts.push(h('section', {}, h('h3', {}, 'How it is'), h('p', {}, explained(task))));
  if (task.inputs.length) parts.push(h('section', {}, h('h3', {}, `Inputs (${count(task.inputsCount)})`), list(task.inputs, task.inputsCount, open)));
  if (task.dependents.length) parts.push(h('section', {}, h('h3', {}, `Needed by (${count(task.dependentsCount)})`), list(task.dependents, task.dependentsCount, open)));
  if (task.story.length) {
    parts.push(h('section', {}, h('h3', {}, 'Its story'), h('div', { class: 'wide' }, h('table', { class: 'story' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'When'), h('th', { scope: 'col' }, 'Where'), h('th', { scope: 'col' }, 'What'))),
      h('tbody', {}, task.story.slice(-100).map(([at, node, what]) => h('tr', {}, h('td', { class: 'tight' }, at ? at.slice(11, -1) : ''), h('td', { class: 'tight' }, node), h('td', {}, what))))))));
  }
  return parts;
}

/** The failure is told above, in full. */
function explained(task) {
  return task.failure && task.why.length > 300 ? `${task.why.slice(0, 300)}…` : task.why;
}

function list(links, all, open) {
  return h('ul', { class: 'links' }, links.map((link) => h('li', {}, h('span', { class: `chip s-${link.state}`, title: stateText(link.state) }), keyLink(link.key, open),
    h('span', { class: 'dim' }, [stateText(link.state), link.bytes >= 0 ? bytes(link.bytes) : '', link.workers.join(', ')].filter((part) => part).join(' · ')))),
    all > links.length ? h('li', { class: 'dim' }, `and ${count(all - links.length)} more`) : null);
}
