// Puts the new <main> in the place of the old, only while the page is visible; without scripts the page does not refresh.
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) throw answer.status;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = page.querySelector("main");
    if (main) document.querySelector("main").innerHTML = main.innerHTML;
  } catch {
    document.querySelector("#shown").textContent = "The server is not responding";
  }
}, 5000);
