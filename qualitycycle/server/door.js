// Goes to the door when a page says that nobody is signed in, or when its connection was refused.
"use strict";
(() => {
  const MARK = ".st-key-to-the-door";
  const EVERY = 3000;

  const toTheDoor = () => {
    const here = location.pathname + location.search;
    location.replace(new URL(`sign-in?next=${encodeURIComponent(here)}`, document.baseURI));
  };

  // A page that lost its connection asks once in a while whether it would still be let in.
  const ask = async () => {
    const state = document.querySelector("[data-test-connection-state]")?.dataset.testConnectionState;
    if (!state || state === "CONNECTED") return;
    try {
      const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") toTheDoor();
    } catch {
      // The program is not there at the moment.
    }
  };

  new MutationObserver(() => {
    if (document.querySelector(MARK)) toTheDoor();
  }).observe(document.documentElement, { childList: true, subtree: true });
  setInterval(ask, EVERY);
})();
