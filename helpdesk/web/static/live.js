// New messages of a request without a reload: asks what came after the last line that is here, and adds it once.
// Often while somebody has just written, then ever more rarely. A page that nobody looks at asks seldom, and what came
// there does not count as read: `seen` goes along only from a page in view.
const log = document.querySelector("#conversation");
const list = document.querySelector("#conversation-messages");
const OFTEN = 2_000;
const SELDOM = 30_000;
const LONGEST = 60_000;
const GIVES_UP_AFTER = 20_000;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let stirred = Date.now();
let failures = 0;
let isAsking = false;
let asksAgain = false;
let unseen = 0;
let timer;

document.querySelector("#check-for-a-reply")?.remove();
document.addEventListener("submit", stir);
document.addEventListener("input", stir);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = document.title.replace(/^\(\d+ new\) /, "");
  stirred = Date.now();
  ask();
});
addEventListener("online", ask);
next(OFTEN);

async function ask() {
  asksAgain = isAsking; // a line that came back in the middle of a hanging question is not waited for
  if (isAsking) return;
  isAsking = true;
  clearTimeout(timer);
  let asksToWait = 0;
  try {
    const answer = await fetch(address(), { signal: AbortSignal.timeout(GIVES_UP_AFTER) });
    if (answer.status === 404) return location.reload(); // closed in another tab, or the shift is over
    asksToWait = Number(answer.headers.get("Retry-After")) * 1_000;
    if (!answer.ok) throw new Error(answer.status);
    if (answer.status === 200) show(await answer.text());
    failures = 0;
  } catch {
    failures += 1;
  }
  tell(failures ? "Connection lost. Trying again." : "");
  isAsking = false;
  next(Math.max(asksAgain ? 0 : pause(), asksToWait));
}

function address() {
  const numbers = [...list.querySelectorAll("li[id^='e-']")].map((line) => Number(line.id.slice(2)));
  const last = Math.max(0, ...numbers);
  return `${log.dataset.news}?after=${last}${document.hidden ? "" : `&seen=${last}`}`;
}

// After a fault each waits twice as long as before, and none as long as the others: a server that comes back is not
// asked by everybody at once. Otherwise a sixtieth of the time since something happened here.
function pause() {
  if (failures) return Math.min(LONGEST, OFTEN * 2 ** (failures - 1)) * (0.5 + Math.random());
  if (document.hidden) return SELDOM;
  return Math.min(SELDOM, Math.max(OFTEN, (Date.now() - stirred) / 60));
}

function next(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
}

function stir() {
  stirred = Date.now();
  if (!failures && !isAsking) next(OFTEN);
}

function show(html) {
  const news = new DOMParser().parseFromString(html, "text/html");
  const fresh = [...news.querySelectorAll("li[id]")].filter((line) => !document.getElementById(line.id));
  document.querySelector("#request-status").replaceWith(news.querySelector("#request-status"));
  if (!fresh.length) return;
  const wasAtTheEnd = list.lastElementChild.getBoundingClientRect().top < innerHeight;
  list.append(...fresh);
  stirred = Date.now();
  if (document.hidden) {
    unseen += fresh.length;
    document.title = `(${unseen} new) ${document.title.replace(/^\(\d+ new\) /, "")}`;
  } else if (wasAtTheEnd) {
    fresh[0].scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  }
}

function tell(text) {
  const line = document.querySelector("#live");
  if (line.textContent !== text) line.textContent = text;
}
