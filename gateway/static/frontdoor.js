// What every page does with a script: an error summary is read out, and a button pressed twice sends once. All pages work without.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

const summary = document.querySelector('[data-module="govuk-error-summary"]');
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}

// A link that looks like a button is pressed by the space bar too.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.('a[role="button"]')) return;
  event.preventDefault();
  event.target.click();
});

let sentAt = -Infinity;
document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-prevent-double-click]")) return;
  if (event.timeStamp - sentAt < 1000) event.preventDefault();
  else sentAt = event.timeStamp;
});

for (const [name, component] of [["exit-this-page", "ExitThisPage"], ["password-input", "PasswordInput"]]) {
  const part = document.querySelector(`[data-module="govuk-${name}"]`);
  const source = part && document.querySelector(`link[rel="modulepreload"][href*="/${name}."]`)?.href;
  if (source) import(source).then((module) => new module[component](part));
}
