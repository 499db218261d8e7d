import { follow } from './api.js';
import { hasFailed } from './describe.js';
import { setText } from './dom.js';
import { openLogs } from './logs.js';
import { openResources } from './resources.js';
import * as store from './store.js';

const view = document.getElementById('view');
const connection = document.getElementById('connection');
let current = null;

/** /, /resources/{name}, /logs, /logs/{name} → the view and the resource it is about. */
function read(path) {
  const [first, name] = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { view: first === 'logs' ? 'logs' : 'resources', name: name ?? null };
}

function render() {
  const route = read(location.pathname);
  if (current?.route.view === route.view) {
    current.go(route.name);
  } else {
    current?.close();
    view.replaceChildren();
    view.className = route.view;
    current = (route.view === 'logs' ? openLogs : openResources)(view, route.name, navigate);
  }
  current.route = route;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === route.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  setTitle();
}

function navigate(path) {
  if (path !== location.pathname) history.pushState(null, '', path);
  render();
}

function setTitle() {
  const failed = store.all().filter(hasFailed).length;
  const place = current?.route.view === 'logs' ? 'Console logs' : 'Resources';
  document.title = `${failed > 0 ? `(${failed} failed) ` : ''}${place} – Provisioning`;
}

function setConnection(state) {
  connection.dataset.state = state;
  setText(connection.lastElementChild, state === 'live' ? 'Live' : 'AppHost does not answer – trying again');
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="/"]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  event.preventDefault();
  navigate(link.getAttribute('href'));
});
addEventListener('popstate', render);

store.subscribe(setTitle);
render();
follow(() => '/api/events', { all: store.replaceAll, changed: store.update }, setConnection);
