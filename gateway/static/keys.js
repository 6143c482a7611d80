// Single keys for what stands on the page: data-shortcut on links, buttons and fields, data-row on the rows of a list.

const isOff = document.documentElement.dataset.keys === "off";
const panel = document.getElementById("keys-here");
let focusedBefore = null;

const isTyping = (at) => at.closest?.("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]");
const isShown = (each) => each.getClientRects().length > 0;
const isFolded = (each) => each.closest("details:not([open])") && !each.closest("[hidden]");
const withShortcut = () => [...document.querySelectorAll("[data-shortcut]")].filter((each) => isShown(each) || isFolded(each));

// A step's title opens it and leads to its first field; a field or a word gets the focus; anything else is pressed.
function press(wanted) {
  for (let fold = wanted.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open ||= fold !== wanted.parentElement || wanted.tagName !== "SUMMARY";
  if (wanted.tagName === "SUMMARY") {
    wanted.parentElement.open = true;
    const fields = [...wanted.parentElement.querySelectorAll("input:not([type=hidden]), textarea, select, button")].filter(isShown);
    (fields.find((each) => each.checked && each.name === fields[0].name) ?? fields[0] ?? wanted).focus();
  } else if (isTyping(wanted)) {
    wanted.focus();
    wanted.select?.();
  } else if (wanted.matches("span[role=button]")) wanted.focus();
  else wanted.click();
}

const rows = () => [...document.querySelectorAll("[data-row]")].filter(isShown);
const opener = (row) => (row.matches("a, button") ? row : row.querySelector("a[href], button"));

function walk(step, from) {
  const all = rows();
  const next = all.indexOf(from) + step;
  const row = all[from ? next : step > 0 ? 0 : all.length - 1];
  if (!row) return false;
  opener(row)?.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function showKeys() {
  if (!panel) return location.assign("/keys");
  const seen = new Map();
  for (const each of withShortcut()) if (!seen.has(each.dataset.shortcut)) seen.set(each.dataset.shortcut, each.dataset.shortcutSays ?? each.textContent.trim());
  if (rows().length) for (const [key, says] of [["j", panel.dataset.down], ["k", panel.dataset.up]]) seen.set(key, says);
  panel.querySelector("dl").replaceChildren(...[...seen].map(([key, says]) => {
    const line = document.createElement("div");
    const [sign, means, kbd] = ["dt", "dd", "kbd"].map((tag) => document.createElement(tag));
    kbd.textContent = key;
    means.textContent = says;
    sign.append(kbd);
    line.append(sign, means);
    return line;
  }));
  focusedBefore = document.activeElement;
  panel.hidden = false;
  panel.querySelector("h2").focus();
}

function hideKeys() {
  panel.hidden = true;
  focusedBefore?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel && !panel.hidden) return hideKeys();
  if (isOff || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || event.target.closest?.("[data-own-keys]")?.dataset.ownKeys.includes(event.key)) return;
  if (event.key === "?") {
    event.preventDefault();
    return panel?.hidden === false ? hideKeys() : showKeys();
  }
  const row = event.target.closest?.("[data-row]");
  const step = { j: 1, k: -1, ...(row && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
  const wanted = withShortcut().find((each) => each.dataset.shortcut === event.key);
  if (step ? walk(step, row) : wanted && !event.repeat) {
    event.preventDefault();
    if (!step) press(wanted);
  }
});

for (const each of isOff ? [] : document.querySelectorAll("[data-shortcut]")) each.setAttribute("aria-keyshortcuts", each.dataset.shortcut);
panel?.querySelector("button").addEventListener("click", hideKeys);
