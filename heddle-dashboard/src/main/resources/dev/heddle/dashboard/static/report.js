// A report: views of the page, on what was written into the file.
import { h, answerFrom } from './core.js';
import { stream } from './stream.js';
import { network } from './network.js';
import { memory } from './memory.js';

const found = JSON.parse(document.getElementById('found').textContent);

/** All of one span, as `/api/span` has it. */
function spanOf(number) {
  const { stream: spans, details } = found;
  const at = number - spans.first;
  return {
    known: true, key: (details.stems[details.stem[at]] ?? '') + details.rest[at],
    start: spans.base + spans.s[at], micros: spans.d[at], bytes: details.bytes[at], from: details.others[details.from[at]] ?? '',
  };
}

const ANSWERS = {
  '/api/stream': () => found.stream,
  '/api/span': ({ number }) => spanOf(number),
  '/api/network': () => found.network,
  '/api/values': () => found.values,
};
answerFrom((path, parameters) => ANSWERS[path](parameters));

/** As the page has it; but nothing changes any more, and no task can be opened. */
const state = { finished: true, started: found.started, last: found.overview };

for (const view of [stream, network, memory]) {
  const place = h('div', { class: 'views' });
  document.getElementById(view.id).append(place);
  view.show(place, state);
  view.tick(state);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  stream.update();
  [network, memory].forEach((view) => view.tick(state));
});
addEventListener('beforeprint', () => stream.print(true));
addEventListener('afterprint', () => stream.print(false));
