// The only place that makes elements. Text always goes in as text: log lines and environments are not ours.

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  start: 'M7 4.5v11l9-5.5z',
  stop: 'M5.5 5.5h9v9h-9z',
  restart: 'M15.5 10a5.5 5.5 0 1 1-1.7-4M15.5 3v3.5H12',
  logs: 'M4 5.5h12M4 10h12M4 14.5h7',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  copy: 'M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3',
  eye: 'M2.5 10s2.8-4.7 7.5-4.7S17.5 10 17.5 10s-2.8 4.7-7.5 4.7S2.5 10 2.5 10zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  hide: 'M3 3l14 14M8 5.5a7.3 7.3 0 0 1 2-.2c4.7 0 7.5 4.7 7.5 4.7a13 13 0 0 1-2.2 2.7M5 6.8A13 13 0 0 0 2.5 10s2.8 4.7 7.5 4.7c1 0 1.9-.2 2.7-.5',
  pause: 'M7 5v10M13 5v10',
  download: 'M10 3.5v9M6 9l4 4 4-4M4 16.5h12',
  clear: 'M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6',
  down: 'M10 4v12M5 11l5 5 5-5',
  back: 'M12.5 4.5L7 10l5.5 5.5',
};
const FILLED = new Set(['start', 'stop']);

/** el('a', {class: 'x', href: '/', onclick: f}, 'text', child): attributes by name, listeners by on…, nulls left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', FILLED.has(name) ? 'icon filled' : 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only a sign; the label is read aloud and shown as its tip. */
export function iconButton(name, label, onclick, attributes = {}) {
  return el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick, ...attributes }, icon(name));
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const shown = new WeakMap();

/** Renders the children anew only if the value is another than last time, so that focus and selection survive updates. */
export function show(element, value, render) {
  const key = JSON.stringify(value);
  if (shown.get(element) === key) return;
  shown.set(element, key);
  element.replaceChildren(...[render(value)].flat().filter(child => child !== null && child !== undefined));
}

/** A link only for what a browser may follow; anything else stays text. */
export function safeLink(url, text = url) {
  const isWeb = /^https?:\/\//i.test(url);
  return isWeb ? el('a', { href: url, target: '_blank', rel: 'noreferrer' }, text) : el('code', {}, url);
}
