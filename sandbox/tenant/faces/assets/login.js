// Finds while one types; without this script the button asks the server.
const field = document.getElementById("q"), none = document.getElementById("none");
const people = [...document.querySelectorAll("#people li")].map((item) => [item, item.textContent.toLowerCase()]);
field.addEventListener("input", () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const [item, text] of people) {
    item.hidden = !words.every((word) => text.includes(word));
    found += item.hidden ? 0 : 1;
  }
  none.hidden = found > 0;
});
field.form.addEventListener("submit", (event) => {
  const seen = people.filter(([item]) => !item.hidden);
  if (seen.length !== 1) return;
  event.preventDefault();
  location.href = seen[0][0].querySelector("a").href;
});
