// The one service worker: it keeps the pages openable without the network, and shows what is pushed to this browser.
import './keep.js';
import './push.js';
