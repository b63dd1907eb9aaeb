// The frame: tabs, colours, the live feed, and which view is shown.
import { h, text, ago, ask } from './core.js';
import { overview } from './overview.js';
import { stream } from './stream.js';
import { graph } from './graph.js';
import { network } from './network.js';
import { processes } from './processes.js';
import { memory } from './memory.js';
import { openTask, taskTick } from './task.js';

const VIEWS = [overview, stream, graph, network, processes, memory];
const panel = document.getElementById('panel');
const tabs = document.getElementById('tabs');

/** What all views share. `last` is the newest overview; null until there is one. */
export const state = { last: null, points: [], openTask: (key) => openTask(key, state), go };

let shown = null;
let ticking = false;

// --- tabs

const buttons = VIEWS.map((view) => h('button', {
  type: 'button', role: 'tab', id: `tab-${view.id}`, 'aria-controls': 'panel', 'aria-selected': 'false', tabindex: '-1',
  onclick: () => go(view.id),
}, view.title));
tabs.append(...buttons);
tabs.addEventListener('keydown', (event) => {
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const next = buttons[(to + buttons.length) % buttons.length];
  next.focus();
  next.click();
});

function go(path) {
  if (location.hash === `#${path}`) route();
  else location.hash = path;
}

function route() {
  const [id, ...rest] = decodeURIComponent(location.hash.slice(1)).split('/');
  const view = VIEWS.find((each) => each.id === id) || VIEWS[0];
  if (shown && shown !== view && shown.hide) shown.hide();
  VIEWS.forEach((each, at) => {
    buttons[at].setAttribute('aria-selected', String(each === view));
    buttons[at].tabIndex = each === view ? 0 : -1;
  });
  const button = buttons[VIEWS.indexOf(view)];
  const { left, right } = button.getBoundingClientRect();
  if (left < 0 || right > innerWidth) tabs.scrollLeft += left - 24;
  panel.setAttribute('aria-labelledby', `tab-${view.id}`);
  document.title = `${view.title} · Heddle`;
  if (shown !== view || view.routed) {
    shown = view;
    panel.replaceChildren();
    view.show(panel, state, rest.join('/'));
  }
  tick();
}
addEventListener('hashchange', route);

/** What the view asks by itself, once after each event; never two at a time. */
async function tick() {
  const view = shown;
  if (state.last && view.update) view.update(state);
  if (ticking || document.hidden || !view) return;
  ticking = true;
  try {
    if (view.tick) await view.tick(state);
    await taskTick(state);
  } catch (failure) {
    if (view.failed) view.failed(failure);
    else console.error(failure);
  } finally {
    ticking = false;
    if (shown !== view) tick();
  }
}

// --- colours

const theme = document.getElementById('theme');
const THEMES = { auto: 'as the system', light: 'light', dark: 'dark' };

function dress(choice) {
  if (choice === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  text(theme, `◐ ${choice}`);
  theme.setAttribute('aria-label', `Colours: ${THEMES[choice]}`);
  dispatchEvent(new Event('resize'));
  if (state.last && shown) shown.update?.(state);
}

let choice = 'auto';
try {
  choice = localStorage.getItem('heddle-theme') || 'auto';
} catch { /* A browser that keeps nothing. */ }
theme.addEventListener('click', () => {
  const all = Object.keys(THEMES);
  choice = all[(all.indexOf(choice) + 1) % all.length];
  try {
    localStorage.setItem('heddle-theme', choice);
  } catch { /* Then it is for this visit. */ }
  dress(choice);
});

// --- the feed

const dot = document.getElementById('dot');
const linkText = document.getElementById('link-text');
const banner = document.getElementById('banner');
let heardAt = 0;
let awayReason = '';

function link() {
  const since = heardAt ? Date.now() - heardAt : 0;
  const live = heardAt && !awayReason && since < 12_000;
  dot.className = live ? 'dot live' : heardAt || awayReason ? 'dot lost' : 'dot';
  text(linkText, live ? 'live' : heardAt ? `last heard ${ago(since)}` : 'connecting');
  banner.hidden = live || (!awayReason && !heardAt);
  if (!banner.hidden) {
    text(banner, awayReason
      ? `The scheduler does not answer: ${awayReason}. What you see is how it was ${ago(since)}; the page goes on by itself when it is back.`
      : `The page lost its server, which has ended or cannot be reached. What you see is how it was ${ago(since)}; it goes on by itself when it is back.`);
  }
}

let feed = null;

/** Only while somebody looks: a browser has six connections to a server, for all of its tabs together. */
function listen() {
  if (feed || document.hidden) return;
  const mine = new EventSource('/api/events');
  feed = mine;
  mine.addEventListener('overview', (event) => {
    state.last = JSON.parse(event.data);
    heardAt = Date.now();
    awayReason = '';
    const newest = state.points[state.points.length - 1];
    if (!newest || newest[0] < state.last.point[0]) state.points.push(state.last.point);
    if (state.points.length > 1800) state.points.splice(0, state.points.length - 1800);
    text(document.getElementById('where'), state.last.address);
    link();
    tick();
  });
  mine.addEventListener('away', (event) => {
    awayReason = JSON.parse(event.data).reason;
    link();
  });
  mine.addEventListener('error', () => {
    link();
    // A browser does not come back by itself from an answer that is no stream.
    if (feed === mine && mine.readyState === EventSource.CLOSED) {
      feed = null;
      setTimeout(listen, 3000);
    }
  });
}

function unlisten() {
  feed?.close();
  feed = null;
}
addEventListener('pagehide', unlisten);
addEventListener('pageshow', listen);
document.addEventListener('visibilitychange', () => (document.hidden ? unlisten() : listen()));

setInterval(link, 1000);
dress(choice);
route();
ask('/api/history').then(({ points }) => {
  const first = state.points[0]?.[0] ?? Infinity;
  state.points = points.filter((point) => point[0] < first).concat(state.points);
  tick();
}).catch(() => { /* The feed says what is wrong. */ });
listen();
