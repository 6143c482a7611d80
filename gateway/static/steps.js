// Of a decision's form only what the chosen decision needs is in front; without script all of it is there, folded.
const chooses = document.querySelector("[data-chooses]");
const groups = [...document.querySelectorAll("[data-chosen]")];

const hasWords = (group) => [...group.querySelectorAll("input, textarea")].some((each) => each.value) || group.querySelector(".govuk-error-message");

const show = () => {
  for (const group of groups) {
    const isChosen = group.dataset.chosen.split(" ").includes(chooses.value);
    group.hidden = !isChosen && !hasWords(group);
    for (const each of isChosen ? group.querySelectorAll("details") : []) each.open = true;
  }
};

// Ctrl and Enter in a field of a step sends it, as its button does.
document.addEventListener("keydown", (event) => {
  const step = event.target.closest?.(".staff-step");
  if (!step || event.key !== "Enter" || event.repeat || !(event.ctrlKey || event.metaKey) || !event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  step.querySelector("form button[type=submit]").click();
});

if (chooses) {
  chooses.addEventListener("change", show);
  show();
}
