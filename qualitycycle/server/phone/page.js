(() => {
  // Only what is not sent yet is kept, on this phone, under a name that tells nobody the code.
  const key = document.body.dataset.draft || location.hash.slice(1);
  const form = document.getElementById("all");
  addEventListener("pageshow", shown => shown.persisted && location.reload());
  try {
    if (!form) return localStorage.removeItem("qc." + key);
    const save = () => localStorage.setItem("qc." + key, JSON.stringify(Object.fromEntries(new FormData(form))));
    const kept = JSON.parse(localStorage.getItem("qc." + key));
    const [arrived] = performance.getEntriesByType("navigation");
    if (kept && (!("given" in form.dataset) || arrived?.type !== "navigate")) {
      for (const field of form.elements) {
        if (field.type === "radio") field.checked = kept[field.name] === field.value;
      }
      document.getElementById("kept").hidden = !form.querySelector(":checked");
    } else if ("given" in form.dataset) save();
    form.addEventListener("change", save);
  } catch {
    // Without storage the form works all the same.
  }
})();
