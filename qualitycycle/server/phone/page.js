(() => {
  // Only what is not sent yet is kept, on this phone, under a name that tells nobody the code.
  const name = "qc." + (document.body.dataset.draft || location.hash.slice(1));
  const form = document.getElementById("all");
  addEventListener("pageshow", shown => shown.persisted && location.reload());
  try {
    if (!form) return localStorage.removeItem(name);
    const save = () => localStorage.setItem(name, JSON.stringify(Object.fromEntries(new FormData(form))));
    const kept = JSON.parse(localStorage.getItem(name));
    const given = "given" in form.dataset;
    // What came back from the program is newer, unless this page was reloaded or gone back to.
    if (kept && (!given || performance.getEntriesByType("navigation")[0].type != "navigate")) {
      for (const field of form.elements)
        if (field.type == "radio") field.checked = kept[field.name] == field.value;
      document.getElementById("kept").hidden = !form.querySelector(":checked");
    } else if (given) save();
    form.addEventListener("change", save);
  } catch {
    // Without storage the form works all the same.
  }
})();
