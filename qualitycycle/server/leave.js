// Asks before a page is left on which codes stand that nobody has saved: they are shown only once.
"use strict";
(() => {
  const UNSAVED = ".st-key-codes_waiting";

  addEventListener("beforeunload", (event) => {
    if (!document.querySelector(UNSAVED)) return;
    event.preventDefault();
  });
})();
