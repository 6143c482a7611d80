// Goes from a line to its place on the picture and back. Without it, the number of each line leads to its place.

const beside = document.querySelector("[data-page]");
const frame = beside.querySelector(".page-frame");
const sizes = [...beside.querySelectorAll("[data-sizes] input")];

function pick(line, comesFrom) {
  if (line === undefined) return;
  for (const each of beside.querySelectorAll("[data-line]")) each.classList.toggle("is-picked", each.dataset.line === line);
  const place = document.getElementById(`place-${line}`);
  const words = beside.querySelector(`.page-line[data-line="${line}"]`);
  if (comesFrom !== "picture" && place) bringIntoFrame(place);
  if (comesFrom === "picture" && words) words.scrollIntoView({ block: "nearest" });
}

// Only the picture moves, never the page: whoever reads on keeps their place.
function bringIntoFrame(place) {
  const at = place.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  if (at.top < around.top || at.bottom > around.bottom) frame.scrollTop += at.top - around.top - around.height / 3;
  if (at.left < around.left || at.right > around.right) frame.scrollLeft += at.left - around.left - 20;
}

beside.addEventListener("click", (event) => {
  if (String(window.getSelection()).length > 0) return;
  const place = event.target.closest(".page-place");
  if (place) return pick(place.dataset.line, "picture");
  const line = event.target.closest(".page-line");
  if (!line || event.target.closest(".page-line__correct")) return;
  if (event.target.closest(".page-line__place")) event.preventDefault();
  pick(line.dataset.line, "words");
});

// Whoever goes from field to field sees each line on the picture.
beside.addEventListener("focusin", (event) => {
  pick(event.target.closest(".page-line")?.dataset.line, "words");
});

// Plus and minus on the picture, and 0 for the whole width; the middle of what is seen stays in the middle.
frame.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const now = sizes.findIndex((each) => each.checked);
  const wanted = { "+": now + 1, "=": now + 1, "-": now - 1, 0: 0 }[event.key];
  if (wanted === undefined || !sizes[wanted]) return;
  event.preventDefault();
  const middle = [
    (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
    (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
  ];
  sizes[wanted].checked = true;
  frame.scrollLeft = middle[0] * frame.scrollWidth - frame.clientWidth / 2;
  frame.scrollTop = middle[1] * frame.scrollHeight - frame.clientHeight / 2;
});

// Enter goes on to the next line; a field of several lines keeps it.
const fields = [...beside.querySelectorAll(".page-line textarea")];
beside.addEventListener("keydown", (event) => {
  const place = fields.indexOf(event.target);
  if (event.key !== "Enter" || place < 0 || event.shiftKey || event.target.defaultValue.includes("\n")) return;
  event.preventDefault();
  fields[place + 1]?.focus();
});

// Only lines that were changed are sent; what was typed before somebody else saved is changed already.
beside.querySelector("[data-changed-only]")?.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("[name^='line-']")) field.disabled = field.value === field.defaultValue && !("typed" in field.dataset);
});

const asked = document.getElementById("marked");
if (asked) bringIntoFrame(asked);
