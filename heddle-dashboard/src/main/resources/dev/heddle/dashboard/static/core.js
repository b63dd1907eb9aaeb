// What every view needs: elements, figures for people, colours, questions to the server.

/** Makes an element: h('p', {class: 'x', onclick: f}, 'text', child). Data goes in as text, never as markup. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  set(element, props);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function s(tag, props, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(element, props);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function set(element, props) {
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) continue;
    else element.setAttribute(name, value === true ? '' : value);
  }
}

/** Keeps what is the same: `make(item)` once a key, `update(element, item)` each time; in the given order. */
export function keyed(parent, items, keyOf, make, update) {
  const known = parent.known || (parent.known = new Map());
  const left = new Set(known.keys());
  let at = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    let element = known.get(key);
    if (!element) {
      element = make(item);
      known.set(key, element);
    }
    left.delete(key);
    if (element === at) at = at.nextSibling;
    else parent.insertBefore(element, at);
    update(element, item);
  }
  for (const key of left) {
    known.get(key).remove();
    known.delete(key);
  }
}

export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

// --- figures

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function count(n) {
  return whole.format(n);
}

/** At most four characters and a unit: [`12.3`, `k`]. */
export function short(n) {
  if (n >= 1e9) return [digits(n / 1e9), 'G'];
  if (n >= 1e6) return [digits(n / 1e6), 'M'];
  if (n >= 1e4) return [digits(n / 1e3), 'k'];
  return [n < 10 && n % 1 ? n.toFixed(1) : whole.format(n), ''];
}

function digits(n) {
  return n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytesIn(n) {
  let unit = 0;
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit++;
  }
  return [unit === 0 ? whole.format(n) : digits(n), UNITS[unit]];
}

export function bytes(n) {
  return n < 0 ? 'unknown' : bytesIn(n).join(' ');
}

/** Of microseconds. */
export function span(micros) {
  if (micros < 0) return '–';
  if (micros < 1000) return `${digits(micros)} µs`;
  if (micros < 1e6) return `${digits(micros / 1e3)} ms`;
  if (micros < 60e6) return `${digits(micros / 1e6)} s`;
  const minutes = Math.floor(micros / 60e6);
  return minutes < 60 ? `${minutes} min ${Math.floor((micros / 1e6) % 60)} s`
    : minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1440)} days`;
}

export function ago(millis) {
  return millis < 950 ? 'just now' : `${span(Math.round(millis / 100) * 1e5)} ago`;
}

/** A class as people write it: `double[]` for `[D`, and without its package. */
export function typeText(name) {
  const array = /^(\[+)(?:L(.*);|(.))$/.exec(name);
  const plain = array ? array[2] || { Z: 'boolean', B: 'byte', C: 'char', S: 'short', I: 'int', J: 'long', F: 'float', D: 'double' }[array[3]] || array[3] : name;
  return plain.replace(/^.*\./, '') + (array ? '[]'.repeat(array[1].length) : '');
}

export const byName = (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true });

export function plural(n, what) {
  return `${count(n)} ${what}${n === 1 ? '' : 's'}`;
}

// --- colours

/** In the order in which they are needed: far from each other, and told apart by lightness too. */
const LIGHT = ['#3b6fd4', '#d98324', '#2f8f6b', '#8a56b8', '#c9a114', '#c2537d', '#3a97a8', '#7c6a4f', '#6b7fd7', '#98a13a', '#b5654a', '#5f6b7a'];
const DARK = ['#6f9bf0', '#eba257', '#4cb38a', '#b48be0', '#e3c04f', '#e48bb0', '#62c0d1', '#b8a382', '#a0aef5', '#c3cc6a', '#dd9078', '#9aa7b8'];
const order = new Map();

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** The same for one name wherever it shows. */
export function colorOf(name) {
  let place = order.get(name);
  if (place === undefined) {
    place = order.size;
    order.set(name, place);
  }
  const colors = isDark() ? DARK : LIGHT;
  return colors[place % colors.length];
}

export function css(variable) {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

export const STATES = [
  ['memory', 'done', 'their values are on workers'],
  ['released', 'let go', 'done, and nobody needs the value now'],
  ['processing', 'given to workers', 'they run, or are next'],
  ['queued', 'queued', 'they could run, and wait for room'],
  ['waiting', 'waiting', 'for inputs'],
  ['erred', 'failed', 'or cancelled'],
];

export function stateText(state) {
  const known = STATES.find(([name]) => name === state);
  return state === 'processing' ? 'given to a worker' : known ? known[1] : state;
}

/** A bar of parts: [[class or colour, share from 0 to 1, title]]. */
export function bar(element, parts) {
  while (element.children.length < parts.length) element.append(document.createElement('i'));
  while (element.children.length > parts.length) element.lastChild.remove();
  parts.forEach(([color, share, title], at) => {
    const part = element.children[at];
    const className = color.startsWith('#') ? '' : color;
    if (part.className !== className) part.className = className;
    part.style.background = className ? '' : color;
    part.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
    if (title && part.title !== title) part.title = title;
  });
}

// --- questions

const ANSWER_WITHIN_MS = 15_000;

let answer = askServer;

/** Has what the views ask for answered from somewhere else than the page's server: `other(path, parameters)`. */
export function answerFrom(other) {
  answer = other;
}

export async function ask(path, parameters = {}) {
  return answer(path, parameters);
}

async function askServer(path, parameters) {
  const query = new URLSearchParams(parameters).toString();
  // An answer that is lost must not stop the view: it is asked for again with the next event.
  const response = await fetch(query ? `${path}?${query}` : path,
    { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new Error((await response.text()).trim() || `the server answered ${response.status}`);
  return response.json();
}

export function card(title, note, ...children) {
  const noteElement = h('span', { class: 'note' }, note || '');
  const element = h('section', { class: 'card' }, h('header', {}, h('h2', {}, title), noteElement), ...children);
  element.note = noteElement;
  return element;
}

export function empty(title, ...rest) {
  return h('p', { class: 'empty' }, h('strong', {}, title), ...rest);
}

export function code(value) {
  return h('code', {}, value);
}

// --- the little box beside the pointer

const tip = () => document.getElementById('tip');

export function showTip(x, y, ...children) {
  const box = tip();
  box.replaceChildren(...children);
  box.hidden = false;
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - width - 8))}px`;
  box.style.top = `${y + 18 + height > innerHeight ? Math.max(8, y - height - 12) : y + 18}px`;
}

export function hideTip() {
  tip().hidden = true;
}

/** A canvas as sharp as the screen; returns its context, in CSS pixels. */
export function sharp(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Shows a key as a button that opens the task, where tasks can be opened. */
export function keyLink(key, open, shown) {
  return !open ? h('code', { title: key }, shown || key) : h('button', { type: 'button', class: 'keylink', title: key, onclick: () => open(key) }, shown || key);
}

/** Shows the name of tasks as a link to their graph, where there is one. */
export function nameLink(name, state) {
  return state.go ? h('a', { href: `#graph/${encodeURIComponent(name)}` }, name) : name;
}
