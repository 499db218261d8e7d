// Small pieces that the table and the details share.

import { reveal } from './api.js';
import { healthTone, isAlive, since, stateWord, tone } from './describe.js';
import { el, iconButton, safeLink, setText } from './dom.js';
import { showError } from './toast.js';

export const dot = colour => el('i', { class: 'dot', 'data-tone': colour });

export const stateLabel = resource => el('span', { class: 'state', 'data-tone': tone(resource) }, dot(tone(resource)), stateWord(resource));

export function healthLabel(resource) {
  if (resource.health === 'Unknown') return el('span', { class: 'muted' }, '–');
  return el('span', { class: 'state', 'data-tone': healthTone(resource) }, dot(healthTone(resource)), resource.health);
}

/** Counts on by itself; see tick. */
export function uptime(resource) {
  if (!resource.startedAt || !isAlive(resource)) return el('span', { class: 'muted' }, '–');
  return el('time', { 'data-since': resource.startedAt, datetime: resource.startedAt, title: `since ${new Date(resource.startedAt).toLocaleString()}` }, since(resource.startedAt));
}

function tick() {
  for (const time of document.querySelectorAll('time[data-since]')) setText(time, since(time.dataset.since));
}
setInterval(tick, 1000);

export const links = urls => urls.map(({ url, text }) => el('span', { class: 'link' }, safeLink(url, text ?? url.replace(/^https?:\/\//, ''))));

const MASK = '••••••••';

/** A value, or dots in its place until it is asked for; and a button that copies it without showing it. */
export function secretOrValue(resource, variable) {
  const value = el('code', { class: variable.secret ? 'value masked' : 'value' }, variable.secret ? MASK : variable.value || '(empty)');
  if (!variable.secret && !variable.value) value.classList.add('muted');
  const get = () => (variable.secret ? reveal(resource.displayName, variable.key) : Promise.resolve(variable.value));

  const copy = iconButton('copy', `Copy ${variable.key}`, () => attempt(`Copy ${variable.key}`, async () => {
    await navigator.clipboard.writeText(await get());
    copy.classList.add('did');
    setTimeout(() => copy.classList.remove('did'), 900);
  }));
  if (!variable.secret) return [value, el('span', { class: 'tools' }, copy)];

  const eye = iconButton('eye', `Reveal ${variable.key}`, () => attempt(`Reveal ${variable.key}`, async () => {
    const masked = value.classList.contains('masked');
    value.textContent = masked ? await get() : MASK;
    value.classList.toggle('masked', !masked);
    eye.setAttribute('aria-pressed', String(masked));
  }), { 'aria-pressed': 'false' });
  return [value, el('span', { class: 'tools' }, eye, copy)];
}

async function attempt(what, act) {
  try {
    await act();
  } catch (error) {
    showError(what, error);
  }
}
