// What goes wrong next: scripted here, used up by the carrier.

const form = document.querySelector("#fault");
const waiting = document.querySelector("#waiting");
const words = Object.fromEntries([...form.querySelectorAll("option")].map((o) => [o.value, o.text]));

async function look() {
  const answer = await fetch("/faults");
  const faults = await answer.json();
  const lines = faults.map(({ kind, count, error_code: reason }) => {
    const item = document.createElement("li");
    const named = reason === null ? words[kind] : `${words[kind]} (${reason})`;
    item.textContent = count > 1 ? `${named}, ${count} times` : named;
    return item;
  });
  const before = waiting.textContent;
  if (lines.map((item) => item.textContent).join("") !== before) waiting.replaceChildren(...lines);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fault = { kind: form.querySelector("#kind").value, count: Number(form.querySelector("#count").value) };
  const reason = form.querySelector("#reason").value;
  if (reason) fault.error_code = Number(reason);
  await fetch("/faults", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fault),
  });
  await look();
});

document.querySelector("#clear").addEventListener("click", async () => {
  await fetch("/faults", { method: "DELETE" });
  await look();
});

// Faults are used up elsewhere: looked at again now and then, while somebody sees it.
setInterval(() => document.hidden || look().catch(() => {}), 3000);
look().catch(() => {});
