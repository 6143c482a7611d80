// Keeps the queue as it is while somebody looks at it; nothing moves under a pointer or away from the focus. All works without.

const queue = document.getElementById("queue");
const part = (id) => document.getElementById(id);
const lists = { overdue: part("queue-overdue"), rest: part("queue-rest") };
const words = JSON.parse(queue.dataset.words);
const ahead = Date.parse(queue.dataset.now) - Date.now();
const unseen = new Map();
let has = queue.dataset.has;
let wanted = null;
let source = null;
let asking = 0;

const rowOf = (reference) => queue.querySelector(`[data-reference="${CSS.escape(reference)}"]`);
const order = (list) => [...list.children].map((row) => row.dataset.reference);

function span(length) {
  const minutes = Math.floor(length / 60000);
  const days = Math.floor(minutes / 1440);
  const parts = [[days, days === 1 ? words.day : words.days], [Math.floor(minutes / 60) % 24, words.h], [minutes % 60, words.min]];
  const first = Math.max(0, parts.findIndex(([number]) => number));
  return parts.slice(first, first + 2).filter(([number]) => number).map((each) => each.join(" ")).join(" ");
}

// How much time is left grows old by itself.
function age(within = queue) {
  for (const each of within.querySelectorAll("[data-due]")) {
    const left = Date.parse(each.dataset.due) - Date.now() - ahead;
    const says = Math.abs(left) < 60000 ? words.now : (left > 0 ? words.left : words.late).replace("{}", span(Math.abs(left)));
    const urgency = left <= 0 ? "overdue" : left < 7200000 ? "soon" : "later";
    if (each.textContent !== says) each.textContent = says;
    each.className = `staff-left staff-left--${urgency}`;
    if (each.closest(".staff-queue__time")) each.closest("tr").className = `is-${urgency}`;
  }
}

function made(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const row = holder.content.firstElementChild;
  for (const each of row.querySelectorAll("[data-who]")) if (each.dataset.who === queue.dataset.me) each.textContent = each.dataset.you;
  age(row);
  return row;
}

// Whatever is done to the list, the focus stays on the link it was on.
function keepingFocus(change) {
  const at = queue.contains(document.activeElement) ? document.activeElement.id : "";
  change();
  if (at && document.activeElement?.id !== at) part(at)?.focus({ preventScroll: true });
}

const isSelected = (within) => !getSelection().isCollapsed && getSelection().containsNode(within, true);
const isPointedAt = () => matchMedia("(hover: hover)").matches && Object.values(lists).some((list) => list.matches(":hover"));
const isHeld = () => isPointedAt() || Boolean(document.activeElement?.closest("#queue [data-row]")) || isSelected(queue);

function place() {
  const told = wanted;
  wanted = null;
  part("queue-held").hidden = true;
  if (!told) return;
  keepingFocus(() => {
    for (const [name, list] of Object.entries(lists)) {
      let next = list.firstElementChild;
      for (const reference of told[name]) {
        const row = rowOf(reference) ?? unseen.get(reference);
        if (!row) return again();
        if (row === next) next = next.nextElementSibling;
        else list.insertBefore(row, next);
      }
    }
    const all = new Set([...told.overdue, ...told.rest]);
    for (const row of queue.querySelectorAll("[data-row]")) if (!all.has(row.dataset.reference)) row.remove();
  });
  unseen.clear();
  lists.overdue.closest("section").hidden = !told.overdue.length;
  for (const list of Object.values(lists)) list.closest("table").hidden = !list.children.length;
  part("queue-none").hidden = Boolean(told.rest.length);
}

function hold() {
  const added = [...wanted.overdue, ...wanted.rest].filter((reference) => !rowOf(reference)).length;
  const says = added ? words.held.replace("{}", added) : words.moved;
  part("queue-held").querySelector("button").textContent = says;
  part("queue-held").hidden = false;
}

function show(told) {
  for (const [reference, html] of Object.entries(told.rows)) {
    const row = rowOf(reference);
    if (row && !isSelected(row)) keepingFocus(() => row.replaceWith(made(html)));
    else if (!row) unseen.set(reference, made(html));
  }
  const numbers = { ...told.numbers, ...(told.owned && { mine: told.owned[queue.dataset.me] ?? 0 }) };
  for (const each of document.querySelectorAll("[data-count]")) {
    if (each.dataset.count in numbers) each.textContent = numbers[each.dataset.count];
    each.closest("[data-late]")?.classList.toggle("staff-counts__late", each.textContent !== "0");
  }
  if ("banner" in told) part("queue-banner").innerHTML = told.banner;
  wanted = { overdue: told.overdue, rest: told.rest };
  const isSame = Object.entries(lists).every(([name, list]) => order(list).join() === told[name].join());
  if (isSame || !isHeld()) place();
  else hold();
  if (told.says) part("news").textContent = told.says;
  part("queue-at").textContent = new Date(Date.now() + ahead).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" }).replace(" ", "");
}

function say(what) {
  const at = part("queue-state");
  if (at.textContent !== what) at.textContent = what;
  at.hidden = !what;
}

function stop() {
  source?.close();
  source = null;
  clearInterval(asking);
  asking = 0;
}

function again() {
  has = "";
  stop();
  setTimeout(start, 1000);
}

function start() {
  if (document.hidden || source) return;
  source = new EventSource(`${queue.dataset.news}&has=${has}`);
  source.addEventListener("list", (event) => {
    has = event.lastEventId;
    show(JSON.parse(event.data));
  });
  source.addEventListener("signed-out", () => {
    stop();
    say(words.out);
  });
  source.addEventListener("away", () => say(words.stale));
  source.addEventListener("back", () => say(""));
  source.addEventListener("open", () => {
    clearInterval(asking);
    asking = 0;
    say("");
  });
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) source = null;
    say(words.away);
    asking ||= setInterval(ask, 15000);
  });
}

// Where no news comes, the page itself is asked for; the stream is tried again with it.
async function ask() {
  if (document.hidden) return;
  const answer = await fetch(queue.dataset.here).catch(() => null);
  if (answer?.redirected) {
    stop();
    return say(words.out);
  }
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = (id) => [...page.querySelectorAll(`#${id} > tr`)];
  const rows = [...found("queue-overdue"), ...found("queue-rest")];
  has = page.getElementById("queue").dataset.has;
  show({
    rows: Object.fromEntries(rows.map((row) => [row.dataset.reference, row.outerHTML])),
    overdue: found("queue-overdue").map((row) => row.dataset.reference),
    rest: found("queue-rest").map((row) => row.dataset.reference),
    numbers: Object.fromEntries([...page.querySelectorAll("[data-count]")].map((each) => [each.dataset.count, each.textContent])),
    banner: page.getElementById("queue-banner").innerHTML,
  });
  start();
}

function letGo() {
  setTimeout(() => { if (wanted && !isHeld()) place(); }, 400);
}

part("queue-held").querySelector("button").addEventListener("click", () => {
  place();
  queue.querySelector("[data-row] a")?.focus();
});
queue.addEventListener("pointerleave", letGo);
queue.addEventListener("focusout", letGo);
document.addEventListener("selectionchange", () => { if (wanted) letGo(); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return stop();
  age();
  start();
});
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => {
  // A page the browser brought back is a new one: its button takes what comes next, not what it took before.
  const page = document.querySelector(".queue-next [name=page]");
  if (event.persisted && page) page.value += "+";
  start();
});
setInterval(() => { if (!document.hidden) age(); }, 15000);
age();
start();
