(() => {
  "use strict";
  const details = [...document.querySelectorAll("details")];
  const open = (state) => details.forEach((one) => (one.open = state));
  // Open in the file, so that the sheet is complete without this script.
  open(false);
  let before = [];
  addEventListener("beforeprint", () => {
    before = details.map((one) => one.open);
    open(true);
  });
  addEventListener("afterprint", () => details.forEach((one, i) => (one.open = before[i])));

  const form = document.getElementById("filter");
  if (!form) return;
  const shown = document.getElementById("shown");
  const subjects = [...document.querySelectorAll("[data-verdict]")];
  const rows = new Map();
  document.querySelectorAll("[data-row]").forEach((row) => rows.set(row.dataset.row, row));

  const apply = () => {
    const verdict = form.elements.verdict.value;
    const rule = form.elements.rule.value;
    const severity = form.elements.severity.value;
    let count = 0;
    for (const subject of subjects) {
      let matches = 0;
      for (const one of subject.querySelectorAll("[data-rule]")) {
        one.hidden =
          (rule !== "" && one.dataset.rule !== rule) ||
          (severity !== "" && one.dataset.severity !== severity);
        if (!one.hidden) matches += 1;
      }
      for (const group of subject.querySelectorAll(".remarks")) {
        group.hidden = !group.querySelector("[data-rule]:not([hidden])");
      }
      subject.hidden =
        (verdict !== "" && subject.dataset.verdict !== verdict) ||
        ((rule !== "" || severity !== "") && matches === 0);
      const row = rows.get(subject.id);
      if (row) row.hidden = subject.hidden;
      if (!subject.hidden) count += 1;
    }
    shown.textContent = count + " of " + subjects.length + " " + shown.dataset.noun + " shown";
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
