// Says that requests came into the list that is shown, and how many, on the page and in the tab's title. The list itself
// stays as it is until somebody asks for it: nothing moves under the mouse.
const line = document.querySelector("#queue-news");
const title = document.title;
const OFTEN = 15_000;
const SELDOM = 60_000;
const LONGEST = 300_000;
const GIVES_UP_AFTER = 20_000;
let failures = 0;
let timer;

document.addEventListener("visibilitychange", () => document.hidden || ask());
next();

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(line.dataset.news, { signal: AbortSignal.timeout(GIVES_UP_AFTER), redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    if (answer.status === 200) show(await answer.text());
    failures = 0;
  } catch {
    failures += 1;
  }
  next();
}

function next() {
  const calm = document.hidden ? SELDOM : OFTEN;
  clearTimeout(timer);
  timer = setTimeout(ask, failures ? Math.min(LONGEST, calm * 2 ** failures) * (0.5 + Math.random()) : calm);
}

function show(words) {
  if (line.dataset.words === words) return; // read out once
  line.dataset.words = words;
  const link = document.createElement("a");
  link.href = line.dataset.show;
  link.textContent = "Show them";
  line.replaceChildren(`${words} `, link);
  document.title = `(${words.match(/\d+/)?.[0] ?? "1"} new) ${title}`;
}
