import { el, iconButton } from './dom.js';

const LASTS = 12_000;

export function showError(what, error) {
  const toast = el('div', { class: 'toast' },
    el('div', {}, el('strong', {}, what), el('p', {}, error.message)),
    iconButton('close', 'Dismiss', () => toast.remove()));
  document.getElementById('toasts').append(toast);
  setTimeout(() => toast.remove(), LASTS);
}
