import { commandButtons } from './commands.js';
import { arrange, hasProcess, isAlive, isValue, stateNote, summary, tone, typeWord } from './describe.js';
import { openDetails } from './details.js';
import { el, icon, setText, show } from './dom.js';
import { dot, healthLabel, links, secretOrValue, stateLabel, uptime } from './parts.js';
import * as store from './store.js';

const COLUMNS = ['Name', 'State', 'Health', 'Uptime', 'PID', 'URLs', 'Source', 'Actions'];

/** The table of everything that runs, the parameters below it, and the details of one beside it. */
export function openResources(view, name, navigate) {
  const rows = new Map();
  const counts = el('p', { class: 'counts', 'aria-live': 'polite' });
  const body = el('tbody');
  const table = el('table', { class: 'resources' },
    el('thead', {}, el('tr', {}, COLUMNS.map(column => el('th', { scope: 'col', 'data-column': column }, column)))), body);
  const values = el('section', { class: 'values' });
  const empty = el('p', { class: 'empty' });
  const aside = el('aside', { class: 'details', 'aria-label': 'Details' });
  aside.hidden = true;
  view.append(el('div', { class: 'list' }, el('header', {}, el('h1', {}, 'Resources'), counts), table, values, empty), aside);

  let details = null;

  function render() {
    const resources = store.all();
    show(counts, summary(resources), parts => parts.map(([colour, number, word]) => el('span', {}, dot(colour), `${number} ${word}`)));
    const arranged = arrange(resources.filter(resource => !isValue(resource)));
    const elements = arranged.map(({ resource, depth }) => {
      if (!rows.has(resource.displayName)) rows.set(resource.displayName, resourceRow(navigate));
      const row = rows.get(resource.displayName);
      row.update(resource, depth);
      return row.element;
    });
    if (elements.length !== body.children.length || elements.some((element, i) => body.children[i] !== element)) body.replaceChildren(...elements);
    table.hidden = elements.length === 0;
    setText(empty, resources.length > 0 ? '' : store.isLoaded() ? 'The AppHost has no resources yet.' : 'Loading…');
    show(values, resources.filter(isValue), renderValues);
    mark();
    details?.update();
  }

  function mark() {
    for (const [displayName, row] of rows) row.element.classList.toggle('selected', displayName === details?.name);
  }

  function go(displayName) {
    const before = details?.name;
    details?.close();
    details = displayName === null ? null : openDetails(aside, displayName, () => navigate('/'));
    aside.hidden = details === null;
    view.classList.toggle('with-details', details !== null);
    mark();
    if (details) aside.querySelector('h2')?.focus();
    else if (before) rows.get(before)?.element.querySelector('a')?.focus();
  }

  function onKey(event) {
    if (event.key === 'Escape' && details) navigate('/');
  }

  document.addEventListener('keydown', onKey);
  const unsubscribe = store.subscribe(render);
  render();
  if (name !== null) go(name);
  return {
    go,
    close() {
      unsubscribe();
      document.removeEventListener('keydown', onKey);
    },
  };
}

function resourceRow(navigate) {
  const cells = Object.fromEntries(COLUMNS.map(column => [column, el(column === 'Name' ? 'th' : 'td', { scope: column === 'Name' ? 'row' : null, 'data-column': column })]));
  const buttons = commandButtons();
  const name = el('a', { class: 'name' });
  const type = el('span', { class: 'type' });
  const logs = el('a', { class: 'icon-button', title: 'Console logs' }, icon('logs'));
  cells.Name.append(name, type);
  cells.Actions.append(el('div', { class: 'actions' }, buttons.elements, logs));

  let path = '/';
  const element = el('tr', {
    // The whole row is a target for the mouse; the keyboard has the link in it.
    onclick: event => {
      if (!event.target.closest('a, button') && getSelection().isCollapsed) navigate(path);
    },
  }, Object.values(cells));

  return {
    element,
    update(resource, depth) {
      path = `/resources/${encodeURIComponent(resource.displayName)}`;
      element.dataset.tone = tone(resource);
      element.dataset.resource = resource.displayName;
      element.dataset.depth = depth;
      element.classList.toggle('alive', isAlive(resource));
      name.setAttribute('href', path);
      setText(name, resource.displayName);
      setText(type, typeWord(resource));
      show(cells.State, [resource.state, resource.exitCode, resource.health, stateNote(resource)], () => [stateLabel(resource), note(stateNote(resource))]);
      show(cells.Health, [resource.health, resource.healthDescription], () => [healthLabel(resource), note(resource.health === 'Unhealthy' ? resource.healthDescription : null)]);
      show(cells.Uptime, [resource.startedAt, resource.state], () => uptime(resource));
      setText(cells.PID, String(resource.pid ?? ''));
      show(cells.URLs, resource.urls, links);
      show(cells.Source, resource.source, source => source && el('code', { title: source }, shorten(source)));
      buttons.update(resource);
      for (const button of buttons.elements) button.hidden = !hasProcess(resource);
      logs.hidden = !hasProcess(resource);
      logs.setAttribute('href', `/logs/${encodeURIComponent(resource.displayName)}`);
      logs.setAttribute('aria-label', `Console logs of ${resource.displayName}`);
    },
  };
}

const note = text => text && el('span', { class: 'sub', title: text }, text);

/** A project is known by its file; of a command line the program counts. */
function shorten(source) {
  const [program, ...rest] = source.split(' ');
  return [program.split('/').pop(), ...rest].join(' ');
}

function renderValues(resources) {
  if (resources.length === 0) return null;
  return [
    el('h2', {}, 'Parameters'),
    el('dl', { class: 'pairs' }, resources.flatMap(resource => [
      el('dt', {}, el('a', { href: `/resources/${encodeURIComponent(resource.displayName)}` }, resource.displayName)),
      el('dd', {}, resource.environment.length > 0 ? secretOrValue(resource, resource.environment[0]) : stateLabel(resource)),
    ])),
  ];
}
