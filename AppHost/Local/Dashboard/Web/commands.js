import { command } from './api.js';
import { iconButton } from './dom.js';
import { showError } from './toast.js';

const LABELS = { start: 'Start', stop: 'Stop', restart: 'Restart' };
const underWay = new Map(); // display name → command that was sent and is not answered yet

/**
 * Start, stop and restart of one resource. Buttons that do nothing now are marked and stay focusable: a button that
 * vanished from under the keyboard would throw the user back to the top of the page.
 * @returns {{elements, update(resource)}}
 */
export function commandButtons() {
  let resource = null;

  const buttons = Object.entries(LABELS).map(([name, label]) => {
    const button = iconButton(name, label, () => run(name, label));
    button.dataset.command = name;
    return button;
  });

  async function run(name, label) {
    const target = resource;
    if (underWay.has(target.displayName) || !target.commands.includes(name)) return;
    underWay.set(target.displayName, name);
    refresh();
    try {
      await command(target.displayName, name);
    } catch (error) {
      showError(`${label} ${target.displayName}`, error);
    } finally {
      underWay.delete(target.displayName);
      refresh();
    }
  }

  function refresh() {
    const running = underWay.get(resource.displayName);
    for (const button of buttons) {
      const name = button.dataset.command;
      button.setAttribute('aria-disabled', String(running !== undefined || !resource.commands.includes(name)));
      button.setAttribute('aria-busy', String(running === name));
      button.setAttribute('aria-label', `${LABELS[name]} ${resource.displayName}`);
    }
  }

  return {
    elements: buttons,
    update(newest) {
      resource = newest;
      refresh();
    },
  };
}
