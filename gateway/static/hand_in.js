// Shows how far each file has come while post is handed in, and takes files that are dropped. Without it the form is posted as it is.

const form = document.getElementById("hand-in");
const chooser = document.getElementById("files");
const drop = document.getElementById("drop");
const list = document.getElementById("sent");
const news = document.getElementById("sending-news");
const AT_ONCE = 2;
let isSending = false;

drop.querySelector(".staff-drop__hint").hidden = false;
for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", over);
    if (name === "drop" && event.dataTransfer.files.length) chooser.files = event.dataTransfer.files;
  });
}

// A day that is chosen is the answer.
document.getElementById("arrived_on").addEventListener("input", () => {
  form.querySelector("[name=arrived][value=another]").checked = true;
});

form.addEventListener("submit", (event) => {
  const files = [...chooser.files];
  if (!files.length) return;
  event.preventDefault();
  const parcels = form.elements.are.value === "together" ? [files] : files.map((file) => [file]);
  const sending = document.getElementById("sending");
  sending.hidden = false;
  document.getElementById("sending-title").focus();
  isSending = true;
  const waiting = parcels.map((parcel) => ({ parcel, row: waitingRow(parcel) }));
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  const next = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) await send(one.parcel, one.row);
  };
  Promise.all(Array.from({ length: AT_ONCE }, next)).then(() => {
    const not = list.querySelectorAll(".staff-danger").length;
    news.textContent = not ? `Finished. ${not} could not be kept.` : "Finished. Everything is kept.";
    button.disabled = isSending = false;
    chooser.value = "";
  });
});

// Who leaves now leaves files behind that were not sent.
window.addEventListener("beforeunload", (event) => {
  if (isSending) event.preventDefault();
});

function waitingRow(parcel) {
  const row = document.createElement("li");
  row.className = "staff-handed";
  const name = document.createElement("span");
  name.className = "staff-handed__name";
  name.textContent = parcel.length === 1 ? parcel[0].name : `${parcel.length} files as one letter`;
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `How far ${name.textContent} has come`);
  row.append(name, progress);
  list.append(row);
  return row;
}

function send(parcel, row) {
  const size = parcel.reduce((sum, file) => sum + file.size, 0);
  if (size > Number(form.dataset.largest)) {
    notSent(row, "It is too large. Scan it in smaller batches or with a lower resolution.");
    return Promise.resolve();
  }
  const body = new FormData();
  for (const [name, value] of new FormData(form)) if (name !== "files") body.append(name, value);
  for (const file of parcel) body.append("files", file);
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.querySelector("progress").value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const isAnswer = request.status === 200 || request.status === 422;
      if (isAnswer) row.outerHTML = request.responseText;
      else notSent(row, request.status === 403 ? "You are signed out. Sign in again, then hand it in again." : "It could not be kept. Hand it in again in a minute.");
      resolve();
    });
    request.addEventListener("error", () => {
      notSent(row, "The connection broke. Hand it in again.");
      resolve();
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-Handed-In-By-Script", "yes");
    request.send(body);
  });
}

function notSent(row, words) {
  row.querySelector("progress").remove();
  const why = document.createElement("span");
  why.className = "staff-danger";
  const not = document.createElement("b");
  not.textContent = "Not kept.";
  why.append(not, ` ${words}`);
  row.append(why);
}
