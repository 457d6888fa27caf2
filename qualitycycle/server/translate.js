// Streamlit's own English texts in the language of the page. The table is put before this text when it is
// served (streamlit_texts.json); a test checks that each English text still occurs in Streamlit itself.
"use strict";
(() => {
  const TEXTS = globalThis.qualitycycleTexts;
  const LOCALES = { nl: "nl-NL", en: "en-GB" };
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt", "aria-valuetext"];
  // What the school wrote itself is never translated, unless it stands where only Streamlit writes.
  const OWN_WORDS = "[data-testid=stMarkdownContainer]";
  const STREAMLITS_WORDS = "[data-testid^=stTooltip]";

  const exact = new Map();
  const patterns = [];
  for (const entry of TEXTS) {
    if (!entry.en.includes("{1}")) {
      exact.set(entry.en, [...(exact.get(entry.en) ?? []), entry]);
      continue;
    }
    const parts = entry.en.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    patterns.push({ entry, expression: new RegExp(`^${parts.join("(.+?)")}$`, "s") });
  }

  // The pages carry their language as the name of an empty container.
  const language = () => {
    const marker = document.querySelector(".st-key-lang-nl, .st-key-lang-en");
    if (!marker) return document.documentElement.lang;
    return marker.classList.contains("st-key-lang-nl") ? "nl" : "en";
  };

  const remember = (chosen) => {
    document.cookie = `qc_lang=${chosen}; path=/; max-age=31536000; SameSite=Strict`;
  };

  const fits = (entry, element, isAttribute) => {
    if (entry.attributes_only && !isAttribute) return false;
    if (entry.in) return element.closest(entry.in) !== null;
    return isAttribute || !element.closest(OWN_WORDS) || element.closest(STREAMLITS_WORDS) !== null;
  };

  const inDutch = (text, element, isAttribute) => {
    const found = (exact.get(text) ?? []).find((entry) => fits(entry, element, isAttribute));
    if (found) return found.nl;
    for (const { entry, expression } of patterns) {
      const match = expression.exec(text);
      if (match && fits(entry, element, isAttribute)) {
        return entry.nl.replace(/\{(\d)\}/g, (_, number) => match[number]);
      }
    }
    return null;
  };

  // What stood there before we translated it, so that English comes back when the language does.
  const originals = new WeakMap();

  const wanted = (owner, name, current, element, isAttribute) => {
    const known = originals.get(owner) ?? {};
    const source = known[name]?.shown === current ? known[name].source : current;
    const text = source.trim();
    const dutch = spoken === "nl" && text ? inDutch(text, element, isAttribute) : null;
    if (dutch === null && source === current) return current;
    const shown = dutch === null ? source : source.replace(text, () => dutch);
    originals.set(owner, { ...known, [name]: { source, shown } });
    return shown;
  };

  const sayText = (node) => {
    if (!node.parentElement || !node.data.trim()) return;
    const shown = wanted(node, "text", node.data, node.parentElement, false);
    if (shown !== node.data) node.data = shown;
  };

  const sayAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const current = element.getAttribute(name);
      if (!current) continue;
      const shown = wanted(element, name, current, element, true);
      if (shown !== current) element.setAttribute(name, shown);
    }
  };

  const sayAll = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return sayText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    sayAttributes(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.nodeType === Node.TEXT_NODE) sayText(walker.currentNode);
      else sayAttributes(walker.currentNode);
    }
  };

  // On a phone Streamlit puts section headers straight into the menu's list, which breaks the list for a
  // screen reader; as a group of links it is told as it looks.
  const mendMenu = () => {
    for (const list of document.querySelectorAll("ul[data-testid=stSidebarNavItems]:not([role])")) {
      list.setAttribute("role", "group");
    }
    for (const item of document.querySelectorAll("ul[data-testid=stSidebarNavItems] li:not([role])")) {
      item.setAttribute("role", "presentation");
    }
  };

  // Date pickers and number columns ask the browser which language it speaks; the page's language decides.
  const native = { language: navigator.language, languages: navigator.languages };
  const locale = () => LOCALES[document.documentElement.lang] ?? native.language;
  Object.defineProperty(navigator, "language", { configurable: true, get: locale });
  Object.defineProperty(navigator, "languages", {
    configurable: true,
    get: () => [locale(), ...native.languages],
  });

  let spoken = document.documentElement.lang;

  const follow = (records) => {
    mendMenu();
    const now = language();
    if (now !== spoken) {
      spoken = now;
      document.documentElement.lang = now;
      remember(now);
      sayAll(document.documentElement);
      return;
    }
    for (const record of records) {
      if (record.type === "characterData") sayText(record.target);
      else if (record.type === "attributes") sayAttributes(record.target);
      else record.addedNodes.forEach(sayAll);
    }
  };

  new MutationObserver(follow).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: [...ATTRIBUTES, "class"],
  });
})();
