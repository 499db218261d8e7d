import { commandButtons } from './commands.js';
import { hasProcess, stateNote, tone, typeWord } from './describe.js';
import { el, iconButton, setText, show } from './dom.js';
import { dot, healthLabel, links, secretOrValue, stateLabel, uptime } from './parts.js';
import * as store from './store.js';

const UNTIL = { Started: 'started', Healthy: 'healthy', Completed: 'completed' };

/** Everything that is known of one resource. */
export function openDetails(aside, displayName, onClose) {
  const title = el('h2', { tabindex: '-1' }, displayName);
  const type = el('span', { class: 'sub' });
  const buttons = commandButtons();
  const logs = el('a', { class: 'button', href: `/logs/${encodeURIComponent(displayName)}` }, 'Console logs');
  const actions = el('div', { class: 'actions' }, buttons.elements, logs);
  const overview = el('dl', { class: 'facts' });
  const sections = Object.fromEntries(['URLs', 'Endpoints', 'Waits for', 'Environment'].map(name => [name, el('section')]));
  aside.replaceChildren(
    el('header', {}, el('div', {}, title, type), iconButton('close', 'Close details', onClose)),
    actions, overview, ...Object.values(sections));

  function update() {
    const resource = store.find(displayName);
    actions.hidden = !resource || !hasProcess(resource);
    if (!resource) {
      setText(type, store.isLoaded() ? 'There is no resource of this name.' : 'Loading…');
      return;
    }
    setText(type, typeWord(resource));
    buttons.update(resource);
    show(overview, { ...resource, environment: null }, () => facts(resource));
    section(sections.URLs, 'URLs', resource.urls, urls => el('ul', {}, links(urls).map(link => el('li', {}, link))));
    section(sections.Endpoints, 'Endpoints', resource.endpoints, endpoints => pairs(endpoints.map(each => [each.name, el('code', {}, each.address)])));
    section(sections['Waits for'], 'Waits for', resource.waitsFor.map(wait => ({ ...wait, now: conditionOf(wait.on) })), renderWaits);
    section(sections.Environment, hasProcess(resource) ? 'Environment' : 'Values', resource.environment,
      variables => pairs(variables.map(variable => [variable.key, secretOrValue(resource, variable)])));
  }

  update();
  return { name: displayName, update, close: () => aside.replaceChildren() };
}

function section(element, heading, items, render) {
  element.hidden = items.length === 0;
  show(element, items, () => [el('h3', {}, heading, el('span', { class: 'count' }, String(items.length))), render(items)]);
}

function facts(resource) {
  const rows = [
    ['State', [stateLabel(resource), resource.stateReason && el('p', {}, resource.stateReason)]],
    ['Health', [healthLabel(resource), resource.healthDescription && el('p', {}, resource.healthDescription)]],
    ['Uptime', uptime(resource)],
    ['Started', resource.startedAt && new Date(resource.startedAt).toLocaleString()],
    ['Process', resource.pid && `pid ${resource.pid}`],
    ['Exit code', resource.exitCode === null ? null : String(resource.exitCode)],
    ['Restarts', resource.restarts > 0 ? String(resource.restarts) : null],
    ['Part of', resource.parent && el('a', { href: `/resources/${encodeURIComponent(resource.parent)}` }, resource.parent)],
    ['Source', resource.source && el('code', {}, resource.source)],
  ];
  return rows.filter(([, content]) => content !== null && content !== undefined && content !== '')
    .flatMap(([name, content]) => [el('dt', {}, name), el('dd', {}, [content].flat())]);
}

const pairs = rows => el('dl', { class: 'pairs' }, rows.flatMap(([key, content]) => [el('dt', {}, key), el('dd', {}, content)]));

/** The worst of all replicas counts. */
function conditionOf(name) {
  const order = ['bad', 'off', 'wait', 'busy', 'warn', 'good', 'done'];
  const resources = store.named(name).toSorted((a, b) => order.indexOf(tone(a)) - order.indexOf(tone(b)));
  return resources.length === 0 ? null : { resource: { ...resources[0], environment: null } };
}

function renderWaits(waits) {
  return el('ul', { class: 'waits' }, waits.map(({ on, until, now }) => el('li', {},
    dot(now ? tone(now.resource) : 'off'),
    now ? el('a', { href: `/resources/${encodeURIComponent(now.resource.displayName)}` }, on) : on,
    el('span', { class: 'muted' }, `until ${UNTIL[until]}`),
    now && el('span', { class: 'now' }, now.resource.health === 'Unhealthy' ? healthLabel(now.resource) : stateLabel(now.resource)))));
}
