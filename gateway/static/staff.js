// Makes staff pages quicker: words kept while a call goes on. All work without.

// On paper everything is shown: browsers that cannot open a fold by its style alone have it opened for them.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".staff-fold:not([open])")) {
    fold.open = true;
    window.addEventListener("afterprint", () => { fold.open = false; }, { once: true });
  }
});

// A stated value is settled with one key on its row: c confirms, e puts it right, r rejects; arrows go from row to row.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".staff-claim");
  if (!row || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...document.querySelectorAll(".staff-claim")].filter((each) => each.offsetParent);
  const isSettled = row.matches(".is-confirmed, .is-rejected, .is-corrected");
  const wanted = step ? rows[rows.indexOf(row) + step] : row.querySelector(`[data-key="${event.key}"]`);
  if (!wanted || (isSettled && "cr".includes(event.key))) return;
  event.preventDefault();
  if (step) wanted.focus();
  else wanted.click();
  if (event.key === "e") row.querySelector("[name=value]")?.focus();
});
const asked = document.querySelector(".staff-claim:target");
for (let fold = asked?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
asked?.focus();

// What a call taker types outlives a closed lid or a lost tab of this sign-in, until it is saved.
const note = document.querySelector("form[data-keeps]");
if (note) {
  const kept = sessionStorage.getItem(note.dataset.keeps);
  const fields = [...note.elements].filter((field) => field.name && field.name !== "mark" && field.type !== "submit");
  if (kept) {
    const words = JSON.parse(kept);
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = field.checked || words[field.name] === true;
      else if (!field.value || field.name === "note_id") field.value = words[field.name] ?? field.value;
    }
  }
  note.addEventListener("input", () => {
    const words = fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
    sessionStorage.setItem(note.dataset.keeps, JSON.stringify(Object.fromEntries(words)));
  });
}
if (document.querySelector(".staff-read-out") || location.pathname === "/sign-in") sessionStorage.removeItem("note");
