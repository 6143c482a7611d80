// Recordings played beside their words: a wave to seek in, speeds, skips, and words that play from where they stand.

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const soundOf = (place) => document.getElementById(place?.closest("[data-plays]")?.dataset.plays ?? "");
const within = (value, most) => Math.min(Math.max(value, 0), most);

class Player {
  constructor(box) {
    this.box = box;
    this.sound = document.getElementById(box.dataset.player);
    this.wave = box.querySelector(".player__wave");
    this.play = box.querySelector(".player__play");
    this.says = box.querySelector(".player__says");
    this.time = box.querySelector(".player__time");
    this.sound.preservesPitch = true;
    if (this.sound.tagName === "AUDIO") this.sound.controls = false;
    box.hidden = false;
    this.listen();
    this.tell();
  }

  get length() {
    const known = this.sound.duration;
    return Number.isFinite(known) ? known : Number(this.wave.querySelector("svg")?.dataset.seconds ?? 0);
  }

  listen() {
    this.play.addEventListener("click", () => (this.sound.paused ? this.start() : this.sound.pause()));
    for (const skip of this.box.querySelectorAll("[data-skip]")) skip.addEventListener("click", () => this.seek(this.sound.currentTime + Number(skip.dataset.skip)));
    this.box.querySelector("select").addEventListener("change", (event) => { this.sound.playbackRate = this.sound.defaultPlaybackRate = Number(event.target.value); });
    this.wave.addEventListener("pointerdown", (event) => this.drag(event));
    this.wave.addEventListener("pointermove", (event) => event.buttons === 1 && this.drag(event));
    this.wave.addEventListener("keydown", (event) => this.key(event));
    for (const news of ["timeupdate", "seeked", "play", "pause", "ended", "durationchange"]) this.sound.addEventListener(news, () => this.tell());
    for (const source of [this.sound, this.sound.querySelector("source:last-of-type")]) source?.addEventListener("error", () => this.fail());
  }

  start() {
    for (const other of document.querySelectorAll("audio, video")) if (other !== this.sound) other.pause();
    this.draw();
    this.own();
    this.sound.play().catch(() => {});
  }

  fail() {
    this.box.querySelector(".player__fault").hidden = false;
  }

  // The key p is that of the recording that was played last.
  own() {
    for (const each of document.querySelectorAll(".player__play")) delete each.dataset.shortcut;
    this.play.dataset.shortcut = "p";
  }

  seek(seconds) {
    this.sound.currentTime = within(seconds, this.length || seconds);
    this.tell();
  }

  drag(event) {
    const { left, width } = this.wave.getBoundingClientRect();
    if (this.length) this.seek(this.length * within((event.clientX - left) / width, 1));
    if (event.type === "pointerdown") this.wave.setPointerCapture(event.pointerId);
  }

  key(event) {
    const at = this.sound.currentTime;
    const to = { ArrowLeft: at - 5, ArrowDown: at - 5, ArrowRight: at + 5, ArrowUp: at + 5, PageDown: at - 30, PageUp: at + 30, Home: 0, End: this.length }[event.key];
    const plays = event.key === " " || event.key === "Enter";
    if ((to === undefined && !plays) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (plays) this.play.click();
    else this.seek(to);
  }

  tell() {
    const at = this.sound.currentTime, end = this.length;
    const said = end ? this.box.dataset.of.replace("{at}", clock(at)).replace("{end}", clock(end)) : clock(at);
    this.time.textContent = said;
    this.wave.setAttribute("aria-valuenow", Math.round(at));
    this.wave.setAttribute("aria-valuemax", Math.round(end));
    this.wave.setAttribute("aria-valuetext", said);
    this.wave.style.setProperty("--heard", end ? within(at / end, 1) : 0);
    this.box.classList.toggle("is-on", !this.sound.paused);
    this.says.textContent = this.sound.paused ? this.says.dataset.play : this.says.dataset.pause;
    this.follow(at);
  }

  // The word that is being said is marked; of a long recording the words that are not shown yet are asked for.
  follow(at) {
    const list = document.querySelector(`[data-plays="${this.sound.id}"].staff-segments`);
    list?.querySelector(".is-said")?.classList.remove("is-said");
    if (!list || this.sound.ended || (this.sound.paused && !at)) return;
    const words = [...list.querySelectorAll(".staff-word")];
    words.findLast((word) => Number(word.dataset.start) <= at)?.classList.add("is-said");
    const more = list.querySelector("[data-more-from]");
    if (more && !this.sound.paused && at >= Number(more.dataset.moreFrom)) more.click();
  }

  // The wave is worked out for whoever first comes near it, and kept.
  async draw() {
    const address = this.box.dataset.wave;
    if (!address) return;
    this.box.dataset.wave = "";
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) this.wave.innerHTML = await answer.text();
    this.tell();
  }
}

const players = new Map();
const near = new IntersectionObserver((seen) => {
  for (const each of seen.filter((one) => one.isIntersecting)) {
    players.get(each.target)?.draw();
    near.unobserve(each.target);
  }
}, { rootMargin: "200px" });

function setUp() {
  for (const box of document.querySelectorAll("[data-player]")) {
    if (players.has(box)) continue;
    players.set(box, new Player(box));
    near.observe(box);
  }
  if (!document.querySelector(".player__play[data-shortcut]")) players.values().next().value?.own();
  for (const list of document.querySelectorAll(".staff-segments[data-plays]")) reach(list, list.querySelector(".is-reached") ?? list.querySelector(".staff-word"));
}

// One word of each recording is reached by Tab or h; the arrows go from word to word and from line to line, Enter plays from there.
function reach(list, word) {
  const before = list.querySelector(".is-reached");
  for (const name of ["tabindex", "role", "data-shortcut", "data-shortcut-says"]) before?.removeAttribute(name);
  before?.classList.remove("is-reached");
  if (!word || !document.getElementById(list.dataset.plays)) return;
  word.classList.add("is-reached");
  word.tabIndex = 0;
  word.setAttribute("role", "button");
  word.dataset.shortcut = "h";
  word.dataset.shortcutSays = list.dataset.reach;
}

// The first word of the next line, or of the line before.
function lineFrom(words, word, step) {
  const lines = [...new Set(words.map((each) => each.closest("li")))];
  const line = lines[lines.indexOf(word.closest("li")) + step];
  return words.findIndex((each) => line?.contains(each));
}

function playFrom(place) {
  const sound = soundOf(place);
  if (!sound) return false;
  sound.currentTime = Number(place.dataset.at ?? place.dataset.start);
  const player = [...players.values()].find((each) => each.sound === sound);
  if (player) player.start();
  else sound.play();
  return true;
}

document.addEventListener("click", (event) => {
  const place = event.target.closest(".staff-seek, .staff-word");
  if (!place || String(window.getSelection()).length > 0 || !playFrom(place)) return;
  event.preventDefault();
  if (place.matches(".staff-word")) reach(place.closest("[data-plays]"), place);
});

document.addEventListener("keydown", (event) => {
  const word = event.target.closest?.(".staff-word");
  if (!word || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = word.closest("[data-plays]");
  const words = [...list.querySelectorAll(".staff-word")];
  const to = { ArrowLeft: words.indexOf(word) - 1, ArrowRight: words.indexOf(word) + 1, ArrowUp: lineFrom(words, word, -1), ArrowDown: lineFrom(words, word, 1), Home: 0, End: words.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") playFrom(word);
  else if (to === undefined) return;
  else if (words[to]) {
    reach(list, words[to]);
    words[to].focus();
  }
  event.preventDefault();
});

// Pictures are blurred again when the page is left or lies behind another.
const boxes = () => [...document.querySelectorAll(".staff-picture__box")];
const showAll = document.querySelector("[data-shows-all]");
if (showAll && boxes().length) {
  showAll.hidden = false;
  showAll.addEventListener("click", () => {
    const isShown = boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = !isShown;
    tellPictures();
  });
}
function tellPictures() {
  if (showAll) showAll.textContent = boxes().every((box) => box.checked) ? showAll.dataset.hide : showAll.dataset.show;
}
function blur() {
  for (const box of boxes()) box.checked = false;
  tellPictures();
}
document.addEventListener("change", (event) => event.target.matches(".staff-picture__box") && tellPictures());
document.addEventListener("visibilitychange", () => document.hidden && blur());
window.addEventListener("pagehide", blur);
for (const picture of document.querySelectorAll(".staff-picture img")) {
  const says = picture.closest(".staff-picture").querySelector("[data-large]");
  const tell = () => { if (says && picture.naturalWidth) says.textContent = `, ${picture.naturalWidth} × ${picture.naturalHeight}`; };
  if (picture.complete) tell();
  picture.addEventListener("load", tell);
}

for (const copy of document.querySelectorAll("[data-copies]")) {
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copies);
    copy.nextElementSibling.textContent = copy.dataset.copied;
  });
}

// A fold that something on the page leads to is opened.
function open() {
  const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = asked?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
window.addEventListener("hashchange", open);

document.addEventListener("htmx:afterSettle", setUp);
setUp();
open();
