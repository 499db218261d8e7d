// The list of lines: bounded, filtered, quick with ten thousand of them.

import { parseAnsi, stripAnsi } from './ansi.js';
import { el } from './dom.js';

export const KEPT = 10_000;
const BLOCK = 100; // lines per block; the browser lays out only the blocks in sight
const HIGHLIGHTED = 2_000;
const COLOURS = 8;
const NEAR_END = 40; // pixels
const LEVEL = /^(trce|dbug|info|warn|fail|crit)(?=:)/;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });

/**
 * @param showResource whether each line names its resource
 * @param onChange called after every change with {total, matching, filtered, following, unseen}
 */
export function logLines(showResource, onChange) {
  const list = el('div', { class: 'lines' });
  const scroller = el('div', { class: 'scroller', role: 'log', 'aria-label': 'Console output', tabindex: '0' }, list);
  const highlight = globalThis.Highlight && new Highlight();
  if (highlight) CSS.highlights.set('found', highlight);

  let lines = [];
  let needle = '';
  let onlyErrors = false;
  let matching = 0;
  let following = true;
  let unseen = 0;

  scroller.addEventListener('scroll', () => {
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    if (atEnd === following) return;
    following = atEnd;
    if (following) unseen = 0;
    report();
  }, { passive: true });

  const accept = line => (!onlyErrors || isError(line)) && (needle === '' || line.searched.includes(needle));

  function report() {
    onChange({ total: lines.length, matching, filtered: needle !== '' || onlyErrors, following, unseen });
  }

  function append(added) {
    lines.push(...added);
    if (lines.length > KEPT) lines = lines.slice(-KEPT);
    const shown = added.slice(-KEPT).filter(accept);
    matching += shown.length;
    draw(shown);
    while (matching > KEPT && list.children.length > 1) {
      matching -= list.firstElementChild.childElementCount;
      list.firstElementChild.remove();
    }
    if (following) toEnd();
    else unseen += shown.length;
    report();
  }

  function draw(shown) {
    for (const line of shown) {
      let block = list.lastElementChild;
      if (!block || block.childElementCount >= BLOCK) {
        block = el('div', { class: 'block' });
        list.append(block);
      }
      block.append(render(line, showResource));
    }
    if (needle && highlight) for (const element of newest(list, shown.length)) mark(element);
  }

  function mark(element) {
    for (const piece of element.lastElementChild.childNodes) {
      const text = piece.firstChild ?? piece;
      const content = text.textContent.toLowerCase();
      for (let at = content.indexOf(needle); at >= 0 && highlight.size < HIGHLIGHTED; at = content.indexOf(needle, at + needle.length)) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + needle.length);
        highlight.add(range);
      }
    }
  }

  function redraw() {
    highlight?.clear();
    list.replaceChildren();
    const shown = lines.filter(accept);
    matching = shown.length;
    draw(shown);
    if (following) toEnd();
    report();
  }

  function toEnd() {
    unseen = 0;
    following = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  return {
    element: scroller,
    append,
    toEnd() {
      toEnd();
      report();
    },
    /** Only lines with this text, case aside, and only errors if wanted. */
    filter(text, errors) {
      needle = text.toLowerCase();
      onlyErrors = errors;
      redraw();
    },
    clear() {
      lines = [];
      unseen = 0;
      redraw();
    },
    /** What is shown, as a text file would have it. */
    text: () => lines.filter(accept).map(line => `${line.at} ${line.resource} ${line.stream === 'Error' ? 'err' : 'out'} ${line.plain}\n`).join(''),
    close: () => highlight?.clear(),
  };
}

const isError = line => line.stream === 'Error' || /^(fail|crit):/.test(line.plain);

/** Made once per line when it arrives, so that a search only compares. */
export function prepare(line) {
  line.plain = stripAnsi(line.text);
  line.searched = `${line.resource} ${line.plain}`.toLowerCase();
  return line;
}

function render(line, showResource) {
  const text = el('span', { class: 'text' }, parseAnsi(line.text).flatMap(pieces));
  return el('div', { class: 'line', 'data-stream': line.stream },
    el('time', {}, clock.format(new Date(line.at))),
    showResource ? el('span', { class: `who who-${colourOf(line.resource)}` }, line.resource) : null,
    text);
}

function pieces({ text, classes }) {
  const level = classes ? null : LEVEL.exec(text)?.[0];
  if (level) return [el('span', { class: `level-${level}` }, level), text.slice(level.length)];
  return classes ? el('span', { class: classes }, text) : text;
}

function* newest(list, count) {
  const elements = [...list.children].slice(-Math.ceil(count / BLOCK) - 1).flatMap(block => [...block.children]);
  yield* elements.slice(-count);
}

const coloured = new Map();

/** In the order of appearance, so that the first eight differ for certain. */
function colourOf(name) {
  if (!coloured.has(name)) coloured.set(name, coloured.size % COLOURS);
  return coloured.get(name);
}
