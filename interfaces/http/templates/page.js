// Puts the new <main> in the place of the old, only while somebody looks; without script the page stands still.
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) throw answer.status;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (main) document.querySelector("main").innerHTML = main.innerHTML;
  } catch {
    document.querySelector("#shown").textContent = "the server does not answer";
  }
}, 5000);
