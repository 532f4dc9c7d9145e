(() => {
  "use strict";
  const details = [...document.querySelectorAll("details")];
  const open = (state) => details.forEach((one) => (one.open = state));
  // Open in the file, so that the sheet is complete without this script.
  open(false);
  if (document.body.classList.contains("all")) {
    let before = [];
    addEventListener("beforeprint", () => {
      before = details.map((one) => one.open);
      open(true);
    });
    addEventListener("afterprint", () => details.forEach((one, i) => (one.open = before[i])));
  }

  // A click on a header sorts by its column, a second one the other way.
  const verdicts = ["invalid", "fail", "undecided", "pass"];
  const key = (row, at) => {
    const text = row.cells[at].textContent.replace(/^\W+/, "").trim();
    const number = text.match(/^(?:[A-Z]{3} )?([\d,]+(?:\.\d+)?)/);
    const place = verdicts.indexOf(text.toLowerCase());
    if (place >= 0) return [0, place, ""];
    return number ? [0, Number(number[1].replace(/,/g, "")), ""] : [1, 0, text.toLowerCase()];
  };
  const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
  for (const table of document.querySelectorAll(".overview table")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [key(row, at), row]);
        rows.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
        body.append(...rows.map((pair) => pair[1]));
      });
    });
  }

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
