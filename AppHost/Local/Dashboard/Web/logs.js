import { follow } from './api.js';
import { hasProcess } from './describe.js';
import { el, icon, setText, show } from './dom.js';
import { KEPT, logLines, prepare } from './logLines.js';
import * as store from './store.js';

const ALL = 'all';
const TYPING = 120; // milliseconds without a key before a search runs

/** The console output of one resource or of all, live. */
export function openLogs(view, name, navigate) {
  const select = el('select', { id: 'log-resource', onchange: () => navigate(select.value === ALL ? '/logs' : `/logs/${encodeURIComponent(select.value)}`) });
  const search = el('input', { type: 'search', id: 'log-search', placeholder: 'Search…', 'aria-label': 'Show only lines with this text', autocomplete: 'off', spellcheck: 'false' });
  const errors = toggle('Errors only', false, applyFilter);
  const times = toggle('Times', true, on => host.classList.toggle('no-times', !on), 'log-times');
  const wrap = toggle('Wrap', true, on => host.classList.toggle('no-wrap', !on), 'log-wrap');
  const pause = el('button', { type: 'button', class: 'button', 'aria-pressed': 'false', onclick: togglePause });
  const count = el('p', { class: 'count-line', role: 'status' });
  const empty = el('p', { class: 'empty' });
  const newest = el('button', { type: 'button', class: 'button newest', onclick: () => lines.toEnd() });
  const host = el('div', { class: 'log' });
  newest.hidden = true;

  view.append(
    el('div', { class: 'toolbar' },
      el('h1', { class: 'visually-hidden' }, 'Console logs'),
      el('label', { class: 'visually-hidden', for: 'log-resource' }, 'Resource'), select,
      search, errors.element, times.element, wrap.element,
      el('div', { class: 'group' },
        pause,
        el('button', { type: 'button', class: 'button', onclick: clear, title: 'Forget the lines shown so far' }, icon('clear'), 'Clear'),
        el('button', { type: 'button', class: 'button', onclick: download, title: 'Save the lines that are shown' }, icon('download'), 'Download')),
      count),
    host);

  let lines = null;
  let stop = () => {};
  let shown = null; // the resource, null for all
  let waiting = null; // lines that came while paused, null while not
  let typing = null;

  function go(resource) {
    stop();
    lines?.close();
    shown = resource;
    waiting = null;
    lines = logLines(resource === null, report);
    host.replaceChildren(lines.element, empty, newest);
    applyFilter();
    renderPause();
    renderOptions();
    const path = `/api/logs/${encodeURIComponent(resource ?? ALL)}?follow&limit=${KEPT}`;
    stop = follow(position => (position ? `${path}&after=${encodeURIComponent(position)}` : path), {
      reset: () => {
        waiting &&= [];
        lines.clear();
      },
      lines: receive,
    });
  }

  function receive(added) {
    added.forEach(prepare);
    if (waiting === null) {
      lines.append(added);
    } else {
      waiting = [...waiting, ...added].slice(-KEPT);
      renderPause();
    }
  }

  function togglePause() {
    const held = waiting;
    waiting = waiting === null ? [] : null;
    if (held) lines.append(held);
    renderPause();
  }

  function renderPause() {
    pause.setAttribute('aria-pressed', String(waiting !== null));
    show(pause, [waiting?.length ?? null], () => (waiting === null
      ? [icon('pause'), 'Pause']
      : [icon('start'), waiting.length > 0 ? `Resume (${waiting.length} new)` : 'Resume']));
  }

  function clear() {
    if (waiting) waiting = [];
    lines.clear();
    renderPause();
  }

  function download() {
    const url = URL.createObjectURL(new Blob([lines.text()], { type: 'text/plain' }));
    const stamp = new Date().toISOString().replace(/[-:]|\..*/g, '');
    el('a', { href: url, download: `${shown ?? 'all'}-${stamp}.log` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  function applyFilter() {
    lines?.filter(search.value.trim(), errors.isOn());
  }

  function report({ total, matching, following, unseen, filtered }) {
    const number = value => value.toLocaleString();
    const last = total >= KEPT ? 'last ' : '';
    setText(count, filtered ? `${number(matching)} of ${last}${number(total)} lines` : `${last}${number(total)} lines`);
    empty.hidden = matching > 0;
    setText(empty, total > 0 ? 'No line matches the search.' : 'Nothing has been written yet. New lines appear here by themselves.');
    newest.hidden = following;
    show(newest, unseen, () => [icon('down'), unseen > 0 ? `${number(unseen)} new` : 'Newest']);
  }

  function renderOptions() {
    const names = store.all().filter(hasProcess).map(resource => resource.displayName);
    if (shown !== null && !names.includes(shown)) names.push(shown);
    show(select, names, () => [el('option', { value: ALL }, 'All resources'), ...names.map(each => el('option', { value: each }, each))]);
    select.value = shown ?? ALL;
  }

  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(applyFilter, TYPING);
  });
  function onKey(event) {
    if (event.key === '/' && !event.target.closest('input, select, textarea')) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && event.target === search) {
      search.value = '';
      applyFilter();
    }
  }
  document.addEventListener('keydown', onKey);
  const unsubscribe = store.subscribe(renderOptions);
  go(name);
  return {
    go,
    close() {
      stop();
      lines.close();
      unsubscribe();
      document.removeEventListener('keydown', onKey);
    },
  };
}

/** A checkbox in the toolbar; with a key its choice is remembered in this browser. */
function toggle(label, initially, onChange, key = null) {
  const stored = key && localStorage.getItem(key);
  const box = el('input', { type: 'checkbox' });
  box.checked = stored ? stored === 'true' : initially;
  box.addEventListener('change', () => {
    if (key) localStorage.setItem(key, String(box.checked));
    onChange(box.checked);
  });
  queueMicrotask(() => onChange(box.checked));
  return { element: el('label', { class: 'toggle' }, box, label), isOn: () => box.checked };
}
